using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas.Keywords;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>Reads the keywords of one schema that contain other schemas.</summary>
internal sealed class ApplicatorReader(SchemaCompiler compiler, SchemaPlace place)
{
    public IEnumerable<SchemaKeyword> ReadAll()
    {
        var found = new List<SchemaKeyword?>
        {
            ReadReference(),
            ReadItems(),
            ReadContains(),
            ReadMembers(),
            ReadIf(),
            Has("propertyNames") ? new MemberNamesKeyword(One("propertyNames")!) : null,
            Has("not") ? new NotKeyword(One("not")!) : null,
            Has("allOf") ? new AllOfKeyword(List("allOf")) : null,
            Has("anyOf") ? new CombinationKeyword(List("anyOf"), isOne: false) : null,
            Has("oneOf") ? new CombinationKeyword(List("oneOf"), isOne: true) : null,
        };
        found.AddRange(Map("dependentSchemas").Select(static named => new DependentKeyword(named.Name, named.Schema)));
        found.AddRange(ReadDependentRequired());

        // Last, because they read what all others have evaluated.
        if (One("unevaluatedProperties") is { } members)
            found.Add(new UnevaluatedKeyword(members, isOfItems: false));
        if (One("unevaluatedItems") is { } items)
            found.Add(new UnevaluatedKeyword(items, isOfItems: true));

        // Definitions have no effect by themselves, but errors in them are reported.
        _ = Map("$defs").Concat(Map("definitions")).Count();
        return found.OfType<SchemaKeyword>();
    }

    private AllOfKeyword? ReadReference()
    {
        if (place.Node.Find("$ref") is not { } reference)
            return null;
        if (reference.Kind == JsonKind.String)
            return compiler.CompileReference(place, reference) is { } target ? new AllOfKeyword([target]) : null;
        Refuse(reference, "$ref", "a string");
        return null;
    }

    private ItemsKeyword? ReadItems() => Has("items") || Has("prefixItems")
        ? new ItemsKeyword(Has("prefixItems") ? List("prefixItems") : [], One("items"))
        : null;

    private ContainsKeyword? ReadContains()
    {
        var min = compiler.ReadCount(place, "minContains") ?? JsonDecimal.OfInteger(1);
        var max = compiler.ReadCount(place, "maxContains");
        return One("contains") is { } wanted ? new ContainsKeyword(wanted, min, max) : null;
    }

    private MembersKeyword? ReadMembers()
    {
        if (!Has("properties") && !Has("patternProperties") && !Has("additionalProperties"))
            return null;
        var named = Map("properties").ToFrozenDictionary(
            static member => member.Name, static member => member.Schema, StringComparer.Ordinal);
        var patterned = ImmutableArray.CreateBuilder<(SafeRegex, Schema)>();
        foreach (var (name, schema, offset) in Map("patternProperties"))
        {
            if (SafeRegex.Compile(name, out var problem) is { } regex)
                patterned.Add((regex, schema));
            else
                compiler.Problems.Error(
                    offset, JsonPointer.Append($"{place.Pointer}/patternProperties", name), problem);
        }

        return new MembersKeyword(named, patterned.ToImmutable(), One("additionalProperties"));
    }

    private IfKeyword? ReadIf()
    {
        var (condition, then, otherwise) = (One("if"), One("then"), One("else"));
        return condition is null ? null : new IfKeyword(condition, then, otherwise);
    }

    private List<SchemaKeyword> ReadDependentRequired()
    {
        const string name = "dependentRequired";
        var found = new List<SchemaKeyword>();
        if (place.Node.Find(name) is not { } value)
            return found;
        if (value.Kind != JsonKind.Object || value.Members.Any(static member => !IsNames(member.Value)))
            Refuse(value, name, "an object of arrays of names");
        else
            found.AddRange(value.Members.Select(static member => new RequiredKeyword(
                [.. member.Value.Items.Select(static item => item.Text)], member.Name)));
        return found;
    }

    private static bool IsNames(JsonNode value) =>
        value.Kind == JsonKind.Array && value.Items.All(static item => item.Kind == JsonKind.String);

    private bool Has(string name) => place.Node.Find(name) is not null;

    private Schema? One(string name) => place.Node.Find(name) is { } node
        ? compiler.CompileChild(place, node, JsonPointer.Append(place.Pointer, name))
        : null;

    private ImmutableArray<Schema> List(string name)
    {
        var value = place.Node.Find(name)!;
        if (value is not { Kind: JsonKind.Array, Items.IsEmpty: false })
            Refuse(value, name, "an array of at least one schema");
        var pointer = JsonPointer.Append(place.Pointer, name);
        return [.. value.Items.Select((node, i) => compiler.CompileChild(place, node, JsonPointer.Append(pointer, i)))];
    }

    private List<(string Name, Schema Schema, int Offset)> Map(string name)
    {
        if (place.Node.Find(name) is not { } value)
            return [];
        if (value.Kind != JsonKind.Object)
            Refuse(value, name, "an object of schemas");
        var pointer = JsonPointer.Append(place.Pointer, name);
        return [.. value.Members.Select(member => (
            member.Name,
            compiler.CompileChild(place, member.Value, JsonPointer.Append(pointer, member.Name)),
            member.NameOffset))];
    }

    private void Refuse(JsonNode value, string name, string wanted) => compiler.Problems.Error(
        value.Offset, JsonPointer.Append(place.Pointer, name),
        $"\"{name}\" must be {wanted}, not {MemberReader.Describe(value)}");
}
