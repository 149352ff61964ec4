using System.Collections.Immutable;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas.Keywords;
using Gateway.Policy.Text;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>
/// Reads the keywords of one schema that assert something by themselves, and delegates those that contain schemas.
/// </summary>
internal sealed class KeywordReader(SchemaCompiler compiler, SchemaPlace place)
{
    private const int DivisorLengthMax = 100;

    public SchemaKeyword[] ReadAll()
    {
        var keywords = new List<SchemaKeyword>();
        foreach (var member in place.Node.Members)
        {
            if (Read(member) is { } keyword)
                keywords.Add(keyword);
        }

        keywords.AddRange(new ApplicatorReader(compiler, place).ReadAll());
        return [.. keywords];
    }

    private SchemaKeyword? Read(JsonMember member)
    {
        var (name, offset, value) = member;
        if (SchemaVocabulary.Unsupported.Contains(name))
            return Refuse(offset, name, $"\"{name}\" is not supported by this release");
        switch (name)
        {
            case "type":
                return ReadType(value);
            case "enum":
                return value.Kind == JsonKind.Array
                    ? ReadEnum(name, value, value.Items)
                    : Refuse(value, name, "an array of values");
            case "const":
                return ReadEnum(name, value, [value]);
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                return ReadRange(name, value);
            case "multipleOf":
                return ReadMultiple(value);
            case "pattern":
                return ReadPattern(value);
            case "uniqueItems":
                return value.Kind is JsonKind.True ? new UniqueKeyword()
                    : value.Kind is JsonKind.False ? null : Refuse(value, name, "true or false");
            case "required":
                return ReadNames(value, name) is { } names ? new RequiredKeyword(names, onlyWith: null) : null;
            case "$schema":
                return ReadDialect(value);
            default:
                return ReadSizeOrUnknown(name, offset, value);
        }
    }

    private SchemaKeyword? ReadSizeOrUnknown(string name, int offset, JsonNode value)
    {
        JsonKind? kind = name switch
        {
            "minLength" or "maxLength" => JsonKind.String,
            "minItems" or "maxItems" => JsonKind.Array,
            "minProperties" or "maxProperties" => JsonKind.Object,
            _ => null,
        };
        if (kind is not null)
        {
            return compiler.ReadCount(place, name) is { } bound
                ? new SizeKeyword(kind.Value, new Order(name[1] == 'a', OrEqual: true), bound, Short(value))
                : null;
        }

        // Names with "x-" are free for any use; another unknown name may be a misspelled rule.
        if (compiler.IsOfServer || name.StartsWith("x-", StringComparison.Ordinal))
            return null;
        if (SchemaVocabulary.Known.Contains(name))
        {
            WarnOfIdle(name, offset);
            return null;
        }

        return Refuse(offset, name, $"JSON Schema has no keyword \"{Spelling.Shorten(name)}\""
            + Spelling.Suggest(name, SchemaVocabulary.Known));
    }

    private EnumKeyword ReadEnum(string name, JsonNode written, ImmutableArray<JsonNode> values)
    {
        InexactNumberWarning.Run(written, JsonPointer.Append(place.Pointer, name), compiler.Context);
        return new EnumKeyword(values);
    }

    // Warns about a keyword that looks like a rule but has no effect, as its author may rely on it.
    private void WarnOfIdle(string name, int offset)
    {
        var why = name switch
        {
            "format" or "contentEncoding" or "contentMediaType" or "contentSchema" =>
                "it only describes a value: use \"pattern\", \"enum\" or a condition",
            "then" or "else" when place.Node.Find("if") is null => "it is used without \"if\"",
            "minContains" or "maxContains" when place.Node.Find("contains") is null =>
                "it is used without \"contains\"",
            _ => null,
        };
        if (why is not null)
        {
            compiler.Problems.Warn(FindingKind.IdleKeyword, offset, JsonPointer.Append(place.Pointer, name),
                $"\"{name}\" has no effect: {why}");
        }
    }

    private SchemaKeyword? ReadType(JsonNode value)
    {
        var types = value.Kind == JsonKind.String ? [value] : value.Items;
        if (types.Length > 0 && types.All(static type =>
            type.Kind == JsonKind.String && TypeKeyword.Names.Contains(type.Text)))
            return new TypeKeyword([.. types.Select(static type => type.Text)]);
        var near = value.Kind == JsonKind.String ? Spelling.Suggest(value.Text, TypeKeyword.Names) : "";
        return Refuse(value.Offset, "type", $"\"type\" must be one or more of {string.Join(", ", TypeKeyword.Names)}, "
            + $"not {MemberReader.Quote(value)}{near}");
    }

    private SchemaKeyword? ReadRange(string name, JsonNode value)
    {
        if (value.Kind != JsonKind.Number || !JsonDecimal.TryParse(value.Text, out var bound))
            return Refuse(value, name, "a number");
        var isMost = name.EndsWith("aximum", StringComparison.Ordinal);
        return new RangeKeyword(new Order(isMost, OrEqual: name[0] == 'm'), bound, Short(value));
    }

    private SchemaKeyword? ReadMultiple(JsonNode value) =>
        value is { Kind: JsonKind.Number, Text.Length: <= DivisorLengthMax }
        && JsonDecimal.TryParse(value.Text, out var divisor) && divisor.Sign > 0
            ? new MultipleKeyword(divisor, Short(value))
            : Refuse(value, "multipleOf", "a number above 0");

    private SchemaKeyword? ReadPattern(JsonNode value)
    {
        if (value.Kind != JsonKind.String)
            return Refuse(value, "pattern", "a string");
        return SafeRegex.Compile(value.Text, out var problem) is { } regex
            ? new PatternKeyword(regex)
            : Refuse(value.Offset, "pattern", problem);
    }

    private SchemaKeyword? ReadDialect(JsonNode value) =>
        value.Kind == JsonKind.String && (value.Text.TrimEnd('#') == SchemaVocabulary.Dialect
            || (compiler.IsOfServer && SchemaVocabulary.OlderDialects.Contains(value.Text.TrimEnd('#'))))
            ? null
            : Refuse(value, "$schema", "\"https://json-schema.org/draft/2020-12/schema\", the only supported dialect");

    private ImmutableArray<string>? ReadNames(JsonNode value, string name)
    {
        if (value.Kind == JsonKind.Array && value.Items.All(static item => item.Kind == JsonKind.String))
            return [.. value.Items.Select(static item => item.Text)];
        Refuse(value, name, "an array of names");
        return null;
    }

    private SchemaKeyword? Refuse(JsonNode value, string name, string wanted) =>
        Refuse(value.Offset, name, $"\"{name}\" must be {wanted}, not {MemberReader.Describe(value)}");

    private SchemaKeyword? Refuse(int offset, string name, string message)
    {
        compiler.Problems.Error(offset, JsonPointer.Append(place.Pointer, name), message);
        return null;
    }

    private static string Short(JsonNode value) => Spelling.Shorten(value.Text);
}
