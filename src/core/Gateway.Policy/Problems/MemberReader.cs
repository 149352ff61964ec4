using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Problems;

/// <summary>Reads the members of one object, records which were read, and reports the others at the end.</summary>
public sealed class MemberReader
{
    private readonly JsonNode _node;
    private readonly string _what;
    private readonly List<string> _known = [];

    private MemberReader(JsonNode node, string pointer, string what, DocumentContext context)
    {
        _node = node;
        _what = what;
        Pointer = pointer;
        Context = context;
    }

    /// <summary>JSON Pointer to the object.</summary>
    public string Pointer { get; }

    /// <summary>The byte at which the object begins.</summary>
    public int Offset => _node.Offset;

    /// <summary>The context: the destination of problems, and the settings of this part.</summary>
    public DocumentContext Context { get; }

    /// <summary>Opens an object; null, with a problem reported, if the value is not an object.</summary>
    public static MemberReader? Open(JsonNode node, string pointer, string what, DocumentContext context)
    {
        if (node.Kind == JsonKind.Object)
            return new MemberReader(node, pointer, what, context);
        context.Problems.Error(node.Offset, pointer, $"{what} must be an object, not {Describe(node)}");
        return null;
    }

    /// <summary>The names of all members, in order.</summary>
    public IEnumerable<string> Names => _node.Members.Select(static member => member.Name);

    /// <summary>Returns the JSON Pointer to a member of the object.</summary>
    public string PointerTo(string name) => JsonPointer.Append(Pointer, name);

    /// <summary>Returns the member; null if it is absent.</summary>
    public JsonNode? Optional(string name)
    {
        _known.Add(name);
        return _node.Find(name);
    }

    /// <summary>Returns the member; null, with a problem reported, if it is absent.</summary>
    public JsonNode? Required(string name, string whatToWrite)
    {
        var value = Optional(name);
        if (value is null)
            Error(_node, Pointer, $"\"{name}\" is missing in {_what}: {whatToWrite}");
        return value;
    }

    /// <summary>
    /// Returns the position of a member's name, the location for problems with the presence of the member.
    /// </summary>
    public int OffsetOfName(string name)
    {
        foreach (var member in _node.Members)
        {
            if (member.Name == name)
                return member.NameOffset;
        }

        return _node.Offset;
    }

    /// <summary>Returns the text of a member; null if it is absent or, with a problem reported, not a string.</summary>
    public string? Text(string name) => Optional(name) is { } value ? AsText(value, name) : null;

    /// <summary>Returns the text of a value; null, with a problem reported, if it is not a string.</summary>
    public string? AsText(JsonNode value, string name)
    {
        if (value.Kind == JsonKind.String)
            return value.Text;
        WrongType(value, name, "a string");
        return null;
    }

    /// <summary>Returns a Boolean; null if it is absent or, with a problem reported, of another kind.</summary>
    public bool? Flag(JsonNode? value, string name)
    {
        if (value is null)
            return null;
        if (value.Kind is JsonKind.True or JsonKind.False)
            return value.Kind == JsonKind.True;
        WrongType(value, name, "true or false");
        return null;
    }

    /// <summary>
    /// Returns one of the given words; null if it is absent or, with a problem reported, another value.
    /// </summary>
    public string? Choice(JsonNode? value, string name, params ReadOnlySpan<string> words)
    {
        if (value is null)
            return null;
        if (value.Kind == JsonKind.String && words.Contains(value.Text))
            return value.Text;
        var choices = string.Join(", ", words.ToArray().Select(static word => $"\"{word}\""));
        if (value.Kind != JsonKind.String)
            WrongType(value, name, $"one of {choices}");
        else
            Error(value, PointerTo(name), $"\"{name}\" must be one of {choices}, not \"{Spelling.Shorten(value.Text)}\""
                + Spelling.Suggest(value.Text, words.ToArray()));
        return null;
    }

    /// <summary>Returns the elements of an array, each with a pointer; empty if it is absent or not an array.</summary>
    public IEnumerable<(JsonNode Node, string Pointer)> Items(JsonNode? value, string name)
    {
        if (value is null)
            return [];
        if (value.Kind == JsonKind.Array)
        {
            var pointer = PointerTo(name);
            return value.Items.Select((item, index) => (item, JsonPointer.Append(pointer, index)));
        }

        WrongType(value, name, "an array");
        return [];
    }

    /// <summary>Reports that a member has the wrong type.</summary>
    public void WrongType(JsonNode value, string name, string wanted) =>
        Error(value, PointerTo(name), $"\"{name}\" must be {wanted}, not {Describe(value)}");

    /// <summary>Reports an error at a value.</summary>
    public void Error(JsonNode at, string pointer, string message) =>
        Context.Problems.Error(at.Offset, pointer, message);

    /// <summary>Reports every member that was not read. Call this last.</summary>
    public void RefuseOthers()
    {
        foreach (var member in _node.Members)
        {
            if (!_known.Contains(member.Name))
            {
                Context.Problems.Error(
                    member.NameOffset,
                    PointerTo(member.Name),
                    $"{_what} has no member \"{Spelling.Shorten(member.Name)}\""
                        + Spelling.Suggest(member.Name, _known));
            }
        }
    }

    /// <summary>Describes a value of a permitted type; a string with its text, which may not be a secret.</summary>
    public static string Quote(JsonNode node) =>
        node.Kind == JsonKind.String ? $"\"{Spelling.Shorten(node.Text)}\"" : Describe(node);

    /// <summary>Describes a value in words; a number with its digits.</summary>
    public static string Describe(JsonNode node) => node.Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.True => "true",
        JsonKind.False => "false",
        JsonKind.Number => $"the number {Spelling.Shorten(node.Text)}",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };
}
