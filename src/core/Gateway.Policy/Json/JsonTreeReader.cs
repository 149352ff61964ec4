using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Gateway.Policy.Json;

/// <summary>
/// Reads strict JSON (RFC 8259: one value, no comments, no trailing commas) into <see cref="JsonNode"/>s. The first
/// syntax error ends the read; duplicate keys are collected, so that all of them can be reported.
/// </summary>
public ref struct JsonTreeReader
{
    // Most arrays and objects of a large message are small, and there may be a million of them.
    private const int RoomFirst = 2;

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _depthMax;
    private readonly List<JsonFault>? _duplicates;
    private readonly FrozenSet<string>? _kept;
    private readonly List<(string? Name, int Index)> _path = [];
    private int _at;
    private JsonFault? _fault;

    private JsonTreeReader(
        ReadOnlySpan<byte> text, int depthMax, List<JsonFault>? duplicates, FrozenSet<string>? kept)
    {
        _text = text;
        _depthMax = depthMax;
        _duplicates = duplicates;
        _kept = kept;
    }

    /// <summary>
    /// Reads the value, or returns null and the fault. Without a list to collect them, a duplicate key is a fault.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="depthMax">The deepest accepted nesting.</param>
    /// <param name="duplicates">Receives duplicate keys.</param>
    /// <param name="fault">The fault, if the read fails.</param>
    /// <param name="kept">
    /// The members of the outermost object to keep, or null for all. Of other members only the name is kept, and only
    /// the grammar of their content is checked.
    /// </param>
    public static JsonNode? Read(
        ReadOnlySpan<byte> utf8, int depthMax, List<JsonFault>? duplicates, out JsonFault? fault,
        FrozenSet<string>? kept = null)
    {
        fault = Utf8Text.FaultOf(utf8);
        if (fault is not null)
            return null;
        var reader = new JsonTreeReader(utf8, depthMax, duplicates, kept);
        var node = reader.Value(depth: 0);
        if (node is not null)
        {
            reader.SkipSpace();
            if (reader._at < utf8.Length)
                node = reader.Fail("the document ends here, but more text follows");
        }

        fault = reader._fault;
        return node;
    }

    private JsonNode? Value(int depth)
    {
        SkipSpace();
        if (_at == _text.Length)
            return Fail("the text ends where a value is expected");
        var start = _at;
        switch (_text[_at])
        {
            case (byte)'{':
                return depth == _depthMax ? TooDeep() : Object(depth + 1);
            case (byte)'[':
                return depth == _depthMax ? TooDeep() : Array(depth + 1);
            case (byte)'"':
                return Text() is { } text ? JsonNode.OfText(JsonKind.String, start, text) : null;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return Number();
            case (byte)'t' when Literal("true"u8):
                return JsonNode.OfLiteral(JsonKind.True, start);
            case (byte)'f' when Literal("false"u8):
                return JsonNode.OfLiteral(JsonKind.False, start);
            case (byte)'n' when Literal("null"u8):
                return JsonNode.OfLiteral(JsonKind.Null, start);
            default:
                return Fail(Unexpected("a value"));
        }
    }

    private JsonNode? Object(int depth)
    {
        var start = _at++;
        HashSet<string>? names = null;
        SkipSpace();
        if (TryTake('}'))
            return JsonNode.OfObject(start, []);
        var members = ImmutableArray.CreateBuilder<JsonMember>(RoomFirst);
        while (true)
        {
            SkipSpace();
            var nameAt = _at;
            if (_at == _text.Length || _text[_at] != '"')
                return Fail(Unexpected("a name in double quotes"));
            if (Text() is not { } name)
                return null;
            _path.Add((name, 0));
            if (!IsNew(members, ref names, name) && !TryNoteDuplicate(nameAt, name))
                return null;
            SkipSpace();
            if (!TryTake(':'))
                return Fail(Unexpected("':'"));
            var isSkipped = depth == 1 && _kept is not null && !_kept.Contains(name);
            if ((isSkipped ? Skipped() : Value(depth)) is not { } value)
                return null;
            members.Add(new JsonMember(name, nameAt, value));
            _path.RemoveAt(_path.Count - 1);
            SkipSpace();
            if (TryTake('}'))
                return JsonNode.OfObject(start, members.DrainToImmutable());
            if (!TryTakeComma('}'))
                return null;
        }
    }

    private JsonNode? Skipped()
    {
        var start = _at;
        var reader = new Utf8JsonReader(_text[_at..], new JsonReaderOptions { MaxDepth = _depthMax });
        try
        {
            reader.Read();
            reader.Skip();
            _at += (int)reader.BytesConsumed;
            return JsonNode.OfLiteral(JsonKind.Null, start);
        }
        catch (JsonException)
        {
            _at += (int)reader.BytesConsumed;
            return Fail("this is not JSON");
        }
    }

    private JsonNode? Array(int depth)
    {
        var start = _at++;
        SkipSpace();
        if (TryTake(']'))
            return JsonNode.OfArray(start, []);
        var items = ImmutableArray.CreateBuilder<JsonNode>(RoomFirst);
        while (true)
        {
            _path.Add((null, items.Count));
            if (Value(depth) is not { } item)
                return null;
            items.Add(item);
            _path.RemoveAt(_path.Count - 1);
            SkipSpace();
            if (TryTake(']'))
                return JsonNode.OfArray(start, items.DrainToImmutable());
            if (!TryTakeComma(']'))
                return null;
        }
    }

    private static bool IsNew(
        ImmutableArray<JsonMember>.Builder members, ref HashSet<string>? names, string name)
    {
        // Most objects are small; a set is only worthwhile from some size on.
        const int linearMax = 8;
        if (members.Count <= linearMax)
        {
            foreach (var member in members)
            {
                if (string.Equals(member.Name, name, StringComparison.Ordinal))
                    return false;
            }

            return true;
        }

        if (names is null)
        {
            names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in members)
                names.Add(member.Name);
        }

        return names.Add(name);
    }

    private bool TryNoteDuplicate(int at, string name)
    {
        var fault = new JsonFault(at, Pointer(), $"the key \"{name}\" occurs twice in this object");
        _duplicates?.Add(fault);
        _fault ??= _duplicates is null ? fault : null;
        return _duplicates is not null;
    }

    private string? Text()
    {
        var text = JsonStringReader.Read(_text, ref _at, out var problem);
        if (text is null)
            Fail(problem!);
        return text;
    }

    private JsonNode? Number()
    {
        var length = JsonNumber.LengthOf(_text[_at..]);
        if (length == 0)
        {
            return Fail("this is not a JSON number: it must not begin with an extra zero or a plus sign, and a decimal "
                + "point needs a digit on both sides");
        }

        var node = JsonNode.OfText(JsonKind.Number, _at, ShortNumbers.TextOf(_text.Slice(_at, length)));
        _at += length;
        return node;
    }

    private bool Literal(ReadOnlySpan<byte> word)
    {
        if (!_text[_at..].StartsWith(word))
            return false;
        _at += word.Length;
        return true;
    }

    private bool TryTake(char c)
    {
        if (_at == _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private bool TryTakeComma(char close)
    {
        var comma = _at;
        if (!TryTake(','))
        {
            Fail(Unexpected($"',' or '{close}'"));
            return false;
        }

        SkipSpace();
        if (_at == _text.Length || _text[_at] != close)
            return true;
        _at = comma;
        Fail($"a comma before '{close}' is not JSON: remove it");
        return false;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
    }

    private readonly string Unexpected(string wanted)
    {
        if (_at == _text.Length)
            return $"the text ends where {wanted} is expected";
        if (_text[_at] is (byte)'/' or (byte)'#')
            return "comments are not JSON: use \"description\"";
        if (_text[_at] == '\'')
            return "strings must be in double quotes";
        Rune.DecodeFromUtf8(_text[_at..], out var found, out _);
        return $"expected {wanted}, found {(Rune.IsControl(found) ? $"U+{found.Value:X4}" : $"'{found}'")}";
    }

    private JsonNode? TooDeep() => Fail($"nested deeper than {_depthMax} levels");

    private JsonNode? Fail(string message)
    {
        _fault ??= new JsonFault(_at, Pointer(), message);
        return null;
    }

    private readonly string Pointer()
    {
        var pointer = JsonPointer.Root;
        foreach (var (name, index) in _path)
            pointer = name is null ? JsonPointer.Append(pointer, index) : JsonPointer.Append(pointer, name);
        return pointer;
    }
}

/// <summary>The reason why a text is not accepted as JSON, and the byte at which it fails.</summary>
public readonly record struct JsonFault(int Offset, string Pointer, string Message);
