using System.Runtime.CompilerServices;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas.Keywords;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>Compiles a schema, and every schema that it contains or refers to, once each.</summary>
internal sealed class SchemaCompiler
{
    private readonly Dictionary<JsonNode, Schema> _compiled = [];
    private readonly SchemaIndex _index;

    private SchemaCompiler(JsonNode root, string pointer, DocumentContext context, bool isOfServer)
    {
        Context = context;
        IsOfServer = isOfServer;
        _index = new SchemaIndex(root, pointer, context.Problems);
    }

    public DocumentContext Context { get; }

    public ProblemSink Problems => Context.Problems;

    /// <summary>
    /// True if a server wrote the schema. An unknown keyword is then an annotation, as in the standard, and an older
    /// dialect is accepted if it uses only keywords with the same meaning in 2020-12. In a policy, an unknown keyword
    /// is an error.
    /// </summary>
    public bool IsOfServer { get; }

    /// <summary>Compiles a schema. The result is only valid if no error was reported.</summary>
    public static Schema Compile(JsonNode root, string pointer, ProblemSink problems, bool isOfServer = false) =>
        // Not a policy's schema: it accepts decimals, and produces no warnings about them.
        Compile(root, pointer, new DocumentContext(problems) { ReadsDecimals = true }, isOfServer);

    /// <summary>Compiles the schema of a policy, with warnings about numbers that no call may send.</summary>
    public static Schema Compile(JsonNode root, string pointer, DocumentContext context, bool isOfServer = false)
    {
        var compiler = new SchemaCompiler(root, pointer, context, isOfServer);
        var schema = compiler.Compile(compiler._index.Root);

        // Definitions without references are checked too, so that an error in them is reported.
        compiler.CompileUnused(compiler._index.Root);
        SchemaLoops.Check(compiler._compiled, compiler._index, context.Problems);
        return schema;
    }

    /// <summary>Returns the schema of a node within <paramref name="place"/>.</summary>
    public Schema CompileChild(SchemaPlace place, JsonNode node, string pointer) =>
        Compile(_index.TryOf(node) ?? new SchemaPlace(node, pointer, place.Base));

    /// <summary>
    /// Returns the schema that a <c>$ref</c> refers to; null, with a problem reported, if there is none.
    /// </summary>
    public Schema? CompileReference(SchemaPlace place, JsonNode reference)
    {
        var target = _index.Resolve(place, reference.Text, out var problem);
        if (target is null)
            Problems.Error(reference.Offset, $"{place.Pointer}/$ref", problem);
        return target is null ? null : Compile(target);
    }

    /// <summary>Reads a whole number of 0 or more; null if it is absent or, with a problem reported, invalid.</summary>
    public JsonDecimal? ReadCount(SchemaPlace place, string name)
    {
        if (place.Node.Find(name) is not { } value)
            return null;
        if (value.Kind == JsonKind.Number && JsonDecimal.TryParse(value.Text, out var count)
            && count is { IsInteger: true, Sign: >= 0 })
            return count;
        Problems.Error(value.Offset, JsonPointer.Append(place.Pointer, name),
            $"\"{name}\" must be a whole number of 0 or more, not {MemberReader.Describe(value)}");
        return null;
    }

    private Schema Compile(SchemaPlace place)
    {
        if (_compiled.TryGetValue(place.Node, out var known))
            return known;
        if (place.Node.Kind is JsonKind.True or JsonKind.False)
            return _compiled[place.Node] = new Schema { Constant = place.Node.Kind == JsonKind.True };
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Problems.Error(place.Node.Offset, place.Pointer, "the chain of references that leads here is too long");
            return new Schema { Constant = false };
        }

        var schema = new Schema();
        _compiled[place.Node] = schema;
        if (place.Node.Kind == JsonKind.Object)
        {
            schema.Keywords = new KeywordReader(this, place).ReadAll();
            schema.ReadsEvaluated = schema.Keywords.Any(static keyword => keyword is UnevaluatedKeyword);
        }
        else
            Problems.Error(place.Node.Offset, place.Pointer,
                $"a schema must be an object, true or false, not {MemberReader.Describe(place.Node)}");
        return schema;
    }

    private void CompileUnused(SchemaPlace place)
    {
        foreach (var (node, pointer) in SchemaChildren.Of(place))
        {
            CompileChild(place, node, pointer);
            CompileUnused(_index.TryOf(node) ?? new SchemaPlace(node, pointer, place.Base));
        }
    }
}
