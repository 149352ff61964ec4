using System.Text.Json;

namespace Gateway.Mcp.Reading;

/// <summary>
/// The single pass over a body. It checks grammar, depth, duplicate names, and texts and numbers that readers interpret
/// differently, and records the positions of the members of the envelope and of <c>params</c>.
/// </summary>
internal ref struct MessageScanner
{
    private const int UnescapeOnStackMax = 256;

    private readonly ReadOnlySpan<byte> _body;
    private readonly int _depthMax;
    private readonly Span<RawValue> _envelope;
    private readonly Span<RawValue> _params;
    private readonly Span<int> _owners;
    private KeySet _keys;
    private Utf8JsonReader _reader;
    private int _objects;
    private int _envelopeMember;
    private int _paramsMember;

    public MessageScanner(
        ReadOnlySpan<byte> body,
        int depthMax,
        Span<RawValue> envelope,
        Span<RawValue> parameters,
        Span<int> owners,
        KeySet keys)
    {
        _body = body;
        _depthMax = depthMax;
        _envelope = envelope;
        _params = parameters;
        _owners = owners;
        _keys = keys;
        _envelopeMember = -1;
        _paramsMember = -1;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = depthMax + 1 });
    }

    /// <summary>Members of <c>params</c> that were written in another case, as bits by their index.</summary>
    public int ParamsVariants { get; private set; }

    public void Dispose() => _keys.Dispose();

    /// <summary>Reads to the end. Returns null if the body is valid.</summary>
    public MessageProblem? Run()
    {
        try
        {
            while (_reader.Read())
            {
                if (Visit() is { } problem)
                    return problem;
            }

            return null;
        }
        catch (JsonException error)
        {
            return MessageProblem.NotJson(error.LineNumber ?? 0, error.BytePositionInLine ?? 0);
        }
    }

    private MessageProblem? Visit()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                return Open();
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                Close();
                return null;
            case JsonTokenType.PropertyName:
                return Name();
            case JsonTokenType.String when _reader.ValueIsEscaped && !JsonText.HasPlainEscapes(_reader.ValueSpan):
                return MessageProblem.UnclearText(_reader.TokenStartIndex);
            case JsonTokenType.Number when !JsonText.IsInRange(_reader.ValueSpan):
                return MessageProblem.NumberOutOfRange(_reader.TokenStartIndex);
            default:
                Note((int)(_reader.BytesConsumed - _reader.TokenStartIndex));
                return _reader.CurrentDepth == 0 ? MessageProblem.NotAnObject : null;
        }
    }

    private MessageProblem? Open()
    {
        var depth = _reader.CurrentDepth;
        if (depth >= _depthMax)
            return MessageProblem.TooDeep(_depthMax);
        if (depth == 0 && _reader.TokenType == JsonTokenType.StartArray)
            return MessageProblem.Batch;

        if (_reader.TokenType == JsonTokenType.StartObject)
            _owners[depth + 1] = ++_objects;
        Note(0);
        return null;
    }

    private void Close()
    {
        var end = (int)_reader.BytesConsumed;
        if (_reader.CurrentDepth == 1 && _envelopeMember >= 0)
            _envelope[_envelopeMember] = _envelope[_envelopeMember].EndingAt(end);
        else if (IsInParams() && _paramsMember >= 0)
            _params[_paramsMember] = _params[_paramsMember].EndingAt(end);
    }

    // A value's position is recorded when it begins; the length of an object or array follows when it closes.
    private readonly void Note(int length)
    {
        var value = new RawValue(_reader.TokenType, (int)_reader.TokenStartIndex, length);
        if (_reader.CurrentDepth == 1 && _envelopeMember >= 0)
            _envelope[_envelopeMember] = value;
        else if (IsInParams() && _paramsMember >= 0)
            _params[_paramsMember] = value;
    }

    private readonly bool IsInParams() =>
        _reader.CurrentDepth == 2
        && _envelopeMember == EnvelopeMember.Params
        && _envelope[EnvelopeMember.Params].Type == JsonTokenType.StartObject;

    private MessageProblem? Name()
    {
        var owner = _owners[_reader.CurrentDepth];
        var start = (int)_reader.TokenStartIndex + 1;
        if (!_reader.ValueIsEscaped)
        {
            return _keys.Add(owner, start, _reader.ValueSpan.Length)
                ? Member(_reader.ValueSpan)
                : MessageProblem.Duplicate(start - 1);
        }

        return EscapedName(owner, start - 1);
    }

    private MessageProblem? EscapedName(int owner, int start)
    {
        var raw = _reader.ValueSpan;
        if (!JsonText.HasPlainEscapes(raw))
            return MessageProblem.UnclearText(start);

        Span<byte> unescaped = raw.Length <= UnescapeOnStackMax
            ? stackalloc byte[UnescapeOnStackMax]
            : new byte[raw.Length];
        var name = unescaped[.._reader.CopyString(unescaped)];
        return _keys.AddUnescaped(owner, name) ? Member(name) : MessageProblem.Duplicate(start);
    }

    private MessageProblem? Member(scoped ReadOnlySpan<byte> name)
    {
        if (_reader.CurrentDepth == 1)
        {
            _envelopeMember = EnvelopeMember.Table.Find(name);
            if (_envelopeMember < 0 && EnvelopeMember.Table.FindVariant(name) is >= 0 and var meant)
                return MessageProblem.CaseVariant(EnvelopeMember.Table.NameAt(meant));
        }
        else if (IsInParams())
        {
            _paramsMember = ParamsMember.Table.Find(name);
            if (_paramsMember < 0 && ParamsMember.Table.FindVariant(name) is >= 0 and var meant)
                ParamsVariants |= 1 << meant;
        }

        return null;
    }
}
