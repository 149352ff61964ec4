using System.Text;
using System.Text.Json;
using Gateway.Mcp.Reading;

namespace Gateway.Mcp.Lists;

/// <summary>Parses a message once and records the necessary changes.</summary>
internal ref struct ListParser
{
    // Deeper than any accepted message, since a tool's schema may nest by itself.
    private const int DepthMax = 512;

    private readonly IListFilter _filter;
    private readonly ReadOnlySpan<byte> _message;
    private Utf8JsonReader _reader;
    private List<KeptEntry>? _kept;
    private List<ListPatch>? _edits;

    public ListParser(ReadOnlySpan<byte> message, IListFilter filter)
    {
        _filter = filter;
        _message = message;
        _reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    /// <summary>The changes, unordered; null if there are none.</summary>
    public readonly List<ListPatch>? Edits => _edits;

    /// <summary>The kept items of all changed lists.</summary>
    public readonly List<KeptEntry> Kept => _kept ?? [];

    /// <summary>Parses the message. False if it is not JSON or a list in it is not an array.</summary>
    public bool TryRun()
    {
        try
        {
            _reader.Read();
            if (!Messages())
                return false;
            while (_reader.Read())
            {
                // Bytes after the message make the reader throw.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Messages()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
            return Message();
        if (_reader.TokenType != JsonTokenType.StartArray)
            return true;

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.StartObject)
                _reader.Skip();
            else if (!Message())
                return false;
        }

        return true;
    }

    private bool Message()
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)_reader.TokenStartIndex;
            var isResult = JsonText.EqualsFolded(NameOf(ref _reader), "result"u8);
            var isError = !_filter.WithoutMethod.IsEmpty && _reader.ValueTextEquals("error"u8);
            _reader.Read();
            if (isError && _reader.TokenType == JsonTokenType.StartObject)
            {
                if (IsWithoutMethod())
                    (_edits ??= []).Add(new ListPatch(start, (int)_reader.BytesConsumed, -1, 0, Instead()));
            }
            else if (!isResult || _reader.TokenType != JsonTokenType.StartObject)
                _reader.Skip();
            else if (!Result())
                return false;
        }

        return true;
    }

    private readonly byte[] Instead() => [.. "\"result\":"u8, .. _filter.WithoutMethod.Span];

    private bool IsWithoutMethod()
    {
        var isSo = false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = _reader.ValueTextEquals("code"u8);
            _reader.Read();
            isSo |= isCode && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var code)
                && code == McpErrorCodes.MethodNotFound;
            _reader.Skip();
        }

        return isSo;
    }

    /// <summary>Adds the capability if the server does not have it.</summary>
    private void Capabilities()
    {
        var (at, isEmpty, hasResources) = ((int)_reader.BytesConsumed, true, false);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            (isEmpty, hasResources) = (false, hasResources || _reader.ValueTextEquals("resources"u8));
            _reader.Read();
            _reader.Skip();
        }

        if (!hasResources)
            (_edits ??= []).Add(new ListPatch(
                at, at, -1, 0, isEmpty ? "\"resources\":{}"u8.ToArray() : "\"resources\":{},"u8.ToArray()));
    }

    private bool Result()
    {
        var (hasList, isEmpty, start) = (false, true, (int)_reader.BytesConsumed);
        var scope = default(ListPatch);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref _reader);
            var list = ListMember.Find(name);
            isEmpty = false;
            var isCacheScope = JsonText.EqualsFolded(name, "cacheScope"u8);
            var isCapabilities = _filter.AddsResources && name.SequenceEqual("capabilities"u8);
            _reader.Read();
            if (isCapabilities && _reader.TokenType == JsonTokenType.StartObject)
            {
                Capabilities();
            }
            else if (list is not null && _reader.TokenType == JsonTokenType.StartArray)
            {
                hasList = true;
                List(list);
            }
            else if (list is not null && _reader.TokenType != JsonTokenType.Null)
            {
                return false;
            }
            else if (isCacheScope && !IsPrivate(ref _reader))
            {
                var from = (int)_reader.TokenStartIndex;
                _reader.Skip();
                scope = new ListPatch(from, (int)_reader.BytesConsumed, -1, 0);
            }
            else
            {
                _reader.Skip();
            }
        }

        if (hasList && scope.End > 0)
            (_edits ??= []).Add(scope);
        if (!hasList && _filter.Added(McpListKind.Resources) is { IsEmpty: false } added)
            (_edits ??= []).Add(new ListPatch(
                start, start, -1, 0,
                (byte[])[.. "\"resources\":["u8, .. added.Span, .. isEmpty ? "]"u8 : "],"u8]));
        return true;
    }

    private void List(ListMember list)
    {
        var start = (int)_reader.TokenStartIndex;
        var keptFrom = (_kept ??= []).Count;
        var isChanged = false;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var item = (int)_reader.TokenStartIndex;
            var name = NameIfListed(list);
            var place = item..(int)_reader.BytesConsumed;
            if (name is null || !_filter.IsShown(list.Kind, name, _message[place]))
            {
                isChanged = true;
                continue;
            }

            if (_filter.Rewritten(list.Kind, name, _message[place]) is not { } written)
            {
                _kept.Add(new KeptEntry(place, null));
                continue;
            }

            isChanged = true;
            foreach (var one in written)
                _kept.Add(new KeptEntry(place, one));
        }

        var added = _filter.Added(list.Kind);
        if (isChanged || !added.IsEmpty)
            (_edits ??= []).Add(new ListPatch(
                start, (int)_reader.BytesConsumed, keptFrom, _kept.Count - keptFrom, added));
    }

    // An entry stays if it has a name and every name that a client could read from it is listed.
    private string? NameIfListed(ListMember list)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return null;
        }

        Span<byte> namedBy = stackalloc byte[16];
        namedBy = namedBy[..Encoding.ASCII.GetBytes(list.NamedBy, namedBy)];
        string? listed = null;
        var isListed = true;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = JsonText.EqualsFolded(NameOf(ref _reader), namedBy);
            _reader.Read();
            if (isName)
            {
                listed = ListedName(list.Kind);
                isListed &= listed is not null;
            }

            _reader.Skip();
        }

        return isListed ? listed : null;
    }

    private readonly string? ListedName(McpListKind kind) =>
        _reader.TokenType == JsonTokenType.String
        && (!_reader.ValueIsEscaped || JsonText.HasPlainEscapes(_reader.ValueSpan))
        && _reader.GetString()! is var name && _filter.IsListed(kind, name)
            ? name
            : null;

    private static bool IsPrivate(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("private"u8);

    private static ReadOnlySpan<byte> NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        return JsonText.HasPlainEscapes(reader.ValueSpan) ? Encoding.UTF8.GetBytes(reader.GetString()!) : default;
    }
}
