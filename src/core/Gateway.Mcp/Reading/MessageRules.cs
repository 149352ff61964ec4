using System.Text.Json;
using Gateway.Mcp.Protocol;

namespace Gateway.Mcp.Reading;

/// <summary>Validates the members of a scanned message and builds the message from them.</summary>
internal readonly ref struct MessageRules(
    ReadOnlyMemory<byte> body,
    McpReadBounds options,
    ReadOnlySpan<RawValue> envelope,
    ReadOnlySpan<RawValue> parameters,
    int paramsVariants)
{
    private readonly ReadOnlySpan<RawValue> _envelope = envelope;
    private readonly ReadOnlySpan<RawValue> _params = parameters;

    /// <summary>Returns the id if it is valid, for the response to a message whose other parts are invalid.</summary>
    public ReadOnlyMemory<byte> IdIfSound()
    {
        var id = _envelope[EnvelopeMember.Id];
        return IsId(id) ? id.Of(body) : default;
    }

    public McpReadResult Apply()
    {
        var version = _envelope[EnvelopeMember.JsonRpc];
        if (version.Type != JsonTokenType.String || version.TextOf(body) != "2.0")
            return Fault(MessageProblem.Invalid("\"jsonrpc\" must be the string \"2.0\"."));

        var id = _envelope[EnvelopeMember.Id];
        if (id.IsPresent && !IsId(id))
            return Fault(MessageProblem.Invalid("\"id\" must be a string or a number within the length limit."));

        return _envelope[EnvelopeMember.Method].IsPresent ? Call() : Response();
    }

    private McpReadResult Response()
    {
        var isResult = _envelope[EnvelopeMember.Result].IsPresent;
        var isError = _envelope[EnvelopeMember.Error].IsPresent;
        if (isResult == isError)
        {
            return Fault(MessageProblem.Invalid(
                isResult
                    ? "A response has a \"result\" or an \"error\", not both."
                    : "A message has a \"method\", a \"result\" or an \"error\"."));
        }

        if (!_envelope[EnvelopeMember.Id].IsPresent)
            return Fault(MessageProblem.Invalid("A response needs the \"id\" of the request that it responds to."));
        if (_envelope[EnvelopeMember.Params].IsPresent)
            return Fault(MessageProblem.Invalid("A response cannot have \"params\"."));
        if (isError && _envelope[EnvelopeMember.Error].Type != JsonTokenType.StartObject)
            return Fault(MessageProblem.Invalid("\"error\" must be an object."));

        return new McpReadResult(new McpMessage { Body = body, Kind = McpMessageKind.Response, Id = IdIfSound() });
    }

    private McpReadResult Call()
    {
        if (_envelope[EnvelopeMember.Result].IsPresent || _envelope[EnvelopeMember.Error].IsPresent)
            return Fault(MessageProblem.Invalid("A message with a \"method\" cannot have a \"result\" or \"error\"."));

        var value = _envelope[EnvelopeMember.Method];
        if (value.Type != JsonTokenType.String || value.Length - 2 > options.MethodBytesMax)
        {
            return Fault(MessageProblem.Invalid(
                $"\"method\" must be a string of at most {options.MethodBytesMax} bytes."));
        }

        if (!TryReadMethod(value, out var method, out var known, out var problem))
            return Fault(problem);

        var kind = _envelope[EnvelopeMember.Id].IsPresent ? McpMessageKind.Request : McpMessageKind.Notification;
        if (CheckKind(kind, method, known is not null) is { } wrongKind)
            return Fault(wrongKind);
        if (CheckParams(known?.PolicedBy ?? McpPolicing.Protocol) is { } wrongParams)
            return Fault(wrongParams);

        var rules = new ParamsRules(body, options, _params);
        return rules.Apply(kind, method, known, IdIfSound());
    }

    private bool TryReadMethod(RawValue value, out string method, out McpMethod? known, out MessageProblem problem)
    {
        problem = MessageProblem.Empty;
        known = McpMethodTable.Find(body.Span.Slice(value.Start + 1, value.Length - 2));
        method = known?.Name ?? value.TextOf(body);
        if (known is not null)
            return true;
        var utf8 = System.Text.Encoding.UTF8.GetBytes(method);
        if ((known = McpMethodTable.Find(utf8)) is not null)
        {
            method = known.Name;
            return true;
        }

        if (method.Length == 0 || method.AsSpan().ContainsAnyExceptInRange('!', '~'))
            problem = MessageProblem.Invalid("\"method\" must be visible ASCII without spaces.");
        else if (IsVariant(utf8))
            problem = MessageProblem.Invalid("\"method\" is a variant spelling of a known method. Write the method "
                + "exactly.");
        else
            return true;
        return false;
    }

    // A case-insensitive server would take it for a known method.
    private static bool IsVariant(byte[] method) =>
        McpMethodTable.All.Any(known => JsonText.EqualsFolded(method, known.Utf8));

    private static MessageProblem? CheckKind(McpMessageKind kind, string method, bool isKnown)
    {
        var isNotification = method.StartsWith(McpMethods.NotificationPrefix, StringComparison.Ordinal);
        if (kind == McpMessageKind.Request && isNotification)
            return MessageProblem.Invalid("A notification cannot have an \"id\".");
        if (kind == McpMessageKind.Notification && !isNotification && isKnown)
            return MessageProblem.Invalid($"{method} is a request and needs an \"id\", a string or a number.");
        return null;
    }

    private MessageProblem? CheckParams(McpPolicing shape)
    {
        var value = _envelope[EnvelopeMember.Params];
        var isRequired = shape is McpPolicing.Tool or McpPolicing.Prompt or McpPolicing.Resource
            or McpPolicing.Completion or McpPolicing.Task;
        if (value.Type == JsonTokenType.StartObject)
            return ParamsRules.CheckVariants(shape, paramsVariants);
        if (isRequired || value.Type is not (JsonTokenType.None or JsonTokenType.Null))
            return MessageProblem.Params("\"params\" must be an object.");
        return null;
    }

    private bool IsId(RawValue id) =>
        id.Type is JsonTokenType.String or JsonTokenType.Number && id.Length <= options.IdBytesMax;

    private McpReadResult Fault(MessageProblem problem) => new(problem.ToFault(IdIfSound()));
}
