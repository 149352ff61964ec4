using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Reading;

/// <summary>
/// Validates <c>params</c> by method, so that the name that is evaluated is the one that the server acts on.
/// </summary>
internal readonly ref struct ParamsRules(
    ReadOnlyMemory<byte> body, McpReadBounds options, ReadOnlySpan<RawValue> parameters)
{
    private readonly ReadOnlySpan<RawValue> _params = parameters;

    /// <summary>Refuses a significant member in another case, which a case-insensitive server would act on.</summary>
    public static MessageProblem? CheckVariants(McpPolicing shape, int variants)
    {
        var deciding = 1 << ParamsMember.Meta;
        deciding |= shape switch
        {
            McpPolicing.Tool or McpPolicing.Prompt => (1 << ParamsMember.Name) | (1 << ParamsMember.Arguments),
            McpPolicing.Resource => 1 << ParamsMember.Uri,
            McpPolicing.Completion => 1 << ParamsMember.Ref,
            McpPolicing.Task => 1 << ParamsMember.TaskId,
            McpPolicing.Listen => 1 << ParamsMember.Notifications,
            _ => 0,
        };

        var wrong = variants & deciding;
        return wrong == 0
            ? null
            : MessageProblem.CaseVariant("params." + ParamsMember.Table.NameAt(int.TrailingZeroCount(wrong)));
    }

    public McpReadResult Apply(McpMessageKind kind, string method, McpMethod? known, ReadOnlyMemory<byte> id)
    {
        var shape = known?.PolicedBy ?? McpPolicing.Protocol;
        if (ReadMeta(out var version, out var progressToken, out var declares) is { } wrongMeta)
            return new McpReadResult(wrongMeta.ToFault(id));
        if (version is not null && IsRemoved(known) && McpVersions.RevisionOf(version) == McpRevision.Stateless)
            return new McpReadResult(MessageProblem.Removed(method).ToFault(id));
        if (ReadSubject(shape, out var subject, out var name) is { } wrongName)
            return new McpReadResult(wrongName.ToFault(id));
        if (CheckArguments(shape) is { } wrongArguments)
            return new McpReadResult(wrongArguments.ToFault(id));

        var (uris, tasks) = (ImmutableArray<string>.Empty, ImmutableArray<string>.Empty);
        if (shape == McpPolicing.Listen && ReadListen(out uris, out tasks) is { } wrongFilter)
            return new McpReadResult(wrongFilter.ToFault(id));

        return new McpReadResult(new McpMessage
        {
            Body = body,
            Kind = kind,
            Method = method,
            Known = known,
            Id = id,
            Subject = subject,
            Name = name,
            // Clients write null for "no arguments". Rules see it as absent, and the bytes are forwarded unchanged.
            Arguments = HasArguments(shape) && _params[ParamsMember.Arguments].Type == JsonTokenType.StartObject
                ? _params[ParamsMember.Arguments].Of(body)
                : default,
            MetaProtocolVersion = version,
            ProgressToken = progressToken,
            RequestState = _params[ParamsMember.RequestState].Of(body),
            HasInputResponses = _params[ParamsMember.InputResponses].IsPresent,
            ListenUris = uris,
            ListensToTasks = !tasks.IsEmpty,
            DeclaresCapabilities = declares,
        });
    }

    // Subscriptions are streams from 2026-07-28 on. A request for the earlier kind need not name a resource, so a
    // policy could not evaluate it.
    private static bool IsRemoved(McpMethod? method) =>
        method is { Revision: McpRevision.Legacy, PolicedBy: McpPolicing.Resource };

    private static bool HasArguments(McpPolicing shape) => shape is McpPolicing.Tool or McpPolicing.Prompt;

    private MessageProblem? CheckArguments(McpPolicing shape)
    {
        var arguments = _params[ParamsMember.Arguments];
        return !HasArguments(shape)
            || arguments.Type is JsonTokenType.None or JsonTokenType.Null or JsonTokenType.StartObject
            ? null
            : MessageProblem.Params("\"params.arguments\" must be an object, null or absent.");
    }

    private MessageProblem? ReadMeta(
        out string? version, out ReadOnlyMemory<byte> progressToken, out bool declares)
    {
        version = null;
        (progressToken, declares) = (default, false);
        var meta = _params[ParamsMember.Meta];
        if (!meta.IsPresent || meta.Type == JsonTokenType.Null)
            return null;
        if (meta.Type != JsonTokenType.StartObject)
            return MessageProblem.Params("\"params._meta\" must be an object.");

        var members = new SubMembers(meta.Of(body), SubMembers.Meta, stackalloc RawValue[3]);
        if (members.Variant is { } variant)
            return MessageProblem.CaseVariant("params._meta." + variant);

        progressToken = members[1];
        declares = members.Type(2) == JsonTokenType.StartObject && members[2].Length > "{}".Length;
        if (members.Type(0) == JsonTokenType.None)
            return null;
        if (members.Type(0) != JsonTokenType.String)
            return MessageProblem.Params("The protocol version in \"params._meta\" must be a string.");
        version = members.Text(0);
        return null;
    }

    private MessageProblem? ReadSubject(McpPolicing shape, out McpSubject subject, out string? name)
    {
        name = null;
        subject = shape switch
        {
            McpPolicing.Tool => McpSubject.Tool,
            McpPolicing.Prompt => McpSubject.Prompt,
            McpPolicing.Resource => McpSubject.Resource,
            McpPolicing.Task => McpSubject.Task,
            McpPolicing.Protocol or McpPolicing.Opening or McpPolicing.List or McpPolicing.Completion
                or McpPolicing.Listen or McpPolicing.NotServed or McpPolicing.Unknown => McpSubject.None,
            _ => throw new NotSupportedException($"McpPolicing {shape} has no case here."),
        };

        return shape switch
        {
            McpPolicing.Tool => ReadName(ParamsMember.Name, out name) ?? CheckClear(name!),
            McpPolicing.Prompt => ReadName(ParamsMember.Name, out name),
            McpPolicing.Resource => ReadName(ParamsMember.Uri, out name),
            McpPolicing.Task => ReadName(ParamsMember.TaskId, out name),
            McpPolicing.Completion => ReadReference(out subject, out name),
            _ => null,
        };
    }

    private MessageProblem? ReadName(int member, out string? name)
    {
        name = null;
        var value = _params[member];
        if (value.Type != JsonTokenType.String || !IsNameLength(value.Length - 2))
            return WrongName("params." + ParamsMember.Table.NameAt(member));

        name = value.TextOf(body);
        return null;
    }

    // A person approves a call by the appearance of its name, and rules are written from it.
    private static MessageProblem? CheckClear(string name) => VisibleText.IsClear(name)
        ? null
        : MessageProblem.Params(
            "\"params.name\" contains a character that is invisible, breaks the line or changes its direction: "
            + VisibleText.Of(name));

    private MessageProblem? ReadReference(out McpSubject subject, out string? name)
    {
        (subject, name) = (McpSubject.None, null);
        var reference = _params[ParamsMember.Ref];
        if (reference.Type != JsonTokenType.StartObject)
            return MessageProblem.Params("\"params.ref\" must be an object.");

        var members = new SubMembers(reference.Of(body), SubMembers.Reference, stackalloc RawValue[3]);
        if (members.Variant is { } variant)
            return MessageProblem.CaseVariant("params.ref." + variant);

        var type = members.Type(0) == JsonTokenType.String ? members.Text(0) : "";
        if (type is not ("ref/prompt" or "ref/resource"))
            return MessageProblem.Params("\"params.ref.type\" must be \"ref/prompt\" or \"ref/resource\".");

        var (own, other) = type == "ref/prompt" ? (1, 2) : (2, 1);
        if (members.Type(other) != JsonTokenType.None)
            return MessageProblem.Params("\"params.ref\" must have a \"name\" (ref/prompt) or a \"uri\" "
                + "(ref/resource), not both.");
        if (members.Type(own) != JsonTokenType.String || !IsNameLength(members[own].Length - 2))
            return WrongName("params.ref." + SubMembers.Reference.NameAt(own));

        subject = own == 1 ? McpSubject.Prompt : McpSubject.Resource;
        name = members.Text(own);
        return null;
    }

    private MessageProblem? ReadListen(out ImmutableArray<string> uris, out ImmutableArray<string> tasks)
    {
        (uris, tasks) = ([], []);
        var filter = _params[ParamsMember.Notifications];
        if (!filter.IsPresent)
            return null;
        if (filter.Type != JsonTokenType.StartObject)
            return MessageProblem.Params("\"params.notifications\" must be an object.");

        var members = new SubMembers(filter.Of(body), SubMembers.Notifications, stackalloc RawValue[2]);
        if (members.Variant is { } variant)
            return MessageProblem.CaseVariant("params.notifications." + variant);
        return (members.Type(0) == JsonTokenType.None ? null : ReadNames(members[0].Span, 0, out uris))
            ?? (members.Type(1) == JsonTokenType.None ? null : ReadNames(members[1].Span, 1, out tasks));
    }

    private MessageProblem? ReadNames(ReadOnlySpan<byte> array, int member, out ImmutableArray<string> names)
    {
        names = [];
        var place = "params.notifications." + SubMembers.Notifications.NameAt(member);
        var builder = ImmutableArray.CreateBuilder<string>();
        var reader = new Utf8JsonReader(array);
        reader.Read();
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        while (isArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !IsNameLength(reader.ValueSpan.Length))
                return WrongName($"{place}[]");
            if (builder.Count == options.ListenUrisMax)
                return MessageProblem.Params($"\"{place}\" can have at most {options.ListenUrisMax} entries.");
            builder.Add(reader.GetString()!);
        }

        names = builder.DrainToImmutable();
        return isArray ? null : MessageProblem.Params($"\"{place}\" must be an array of strings.");
    }

    private bool IsNameLength(int bytes) => bytes > 0 && bytes <= options.NameBytesMax;

    private MessageProblem WrongName(string member) =>
        MessageProblem.Params($"\"{member}\" must be a string of 1 to {options.NameBytesMax} bytes.");
}
