using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Microsoft.AspNetCore.Http;

namespace Gateway.Fuzz.Targets;

/// <summary>
/// The header rules. The input is lines "Name: value", a blank line and a body. Where the rules pass a request, what
/// its headers say is what its body says, and no header that goes on to a server can hold a line break.
/// </summary>
internal static class HeaderTarget
{
    private const int HeadersMax = 64;

    public static void Run(byte[] input)
    {
        var end = input.AsSpan().IndexOf("\n\n"u8);
        var headers = Headers(input[..(end < 0 ? input.Length : end)]);
        CheckBodiless(headers);
        CheckForwarded(headers);
        var read = McpReader.Read(end < 0 ? default : input.AsMemory(end + 2), McpReadBounds.Default);
        if (!read.IsMessage)
            return;
        var fault = HeaderRules.CheckHead(headers) ?? HeaderRules.CheckMessage(headers, read.Message, out _);
        if (fault is not null)
        {
            Property.Holds(fault.HttpStatus is 400 or 406 or 415, $"status {fault.HttpStatus}");
            return;
        }

        CheckAgreement(headers, read.Message);
    }

    private static HeaderDictionary Headers(byte[] head)
    {
        var headers = new HeaderDictionary();
        // As the web server reads them: one character for each byte.
        foreach (var line in Encoding.Latin1.GetString(head).Split('\n').Take(HeadersMax))
        {
            if (line.Split(':', 2) is [{ Length: > 0 } name, var value])
                headers.Append(name, value.Trim(' ', '\t'));
        }

        return headers;
    }

    private static void CheckBodiless(HeaderDictionary headers)
    {
        if (HeaderRules.CheckBodiless(headers, out _) is not null || headers[McpHeaders.LastEventId].Count == 0)
            return;
        Property.Holds(headers[McpHeaders.SessionId].ToString().Length > 0, "an event id comes with its session");
        Property.Holds(
            headers[McpHeaders.LastEventId].ToString().All(static one => one is >= ' ' and <= '~'),
            "a visible event id");
    }

    private static void CheckForwarded(HeaderDictionary headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/");
        RequestHeaderMap.Copy(headers, request);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            Property.Holds(RequestHeaderMap.IsForwarded(name), $"{name} is forwarded");
            Property.Holds(!name.Equals(McpHeaders.LastEventId, StringComparison.OrdinalIgnoreCase), "resumes no POST");
            foreach (var value in values)
                Property.Holds(value.All(static one => one is >= ' ' and <= '~'), $"{name} holds visible ASCII");
        }
    }

    private static void CheckAgreement(HeaderDictionary headers, McpMessage message)
    {
        var version = Single(headers, McpHeaders.ProtocolVersion);
        var isStateless = (version ?? message.MetaProtocolVersion) is { } named
            && McpVersions.RevisionOf(named) == McpRevision.Stateless;
        Property.Holds(version is null || McpVersions.IsSupported(version), "a version that is served");
        Property.Holds(
            version is null || message.MetaProtocolVersion is null || version == message.MetaProtocolVersion,
            "one version in header and body");
        Property.Holds(!isStateless || version is not null, "the version in the header, where it decides");
        var method = Single(headers, McpHeaders.Method);
        Property.Holds(method is null || method == message.Method, "one method in header and body");
        if (Single(headers, McpHeaders.Name) is not { } mirrored)
            return;
        Property.Holds(HeaderValueCodec.TryDecode(mirrored, out var name), "a name that can be decoded");
        Property.Holds(
            HeaderValueCodec.TryDecode(HeaderValueCodec.Encode(name), out var again) && again == name, "and back");
        if (message.Name is not null && message.PolicedBy != McpPolicing.Completion)
            Property.Holds(name == message.Name, "one name in header and body");
    }

    private static string? Single(HeaderDictionary headers, string name)
    {
        var values = headers[name];
        Property.Holds(values.Count <= 1, $"{name} at most once");
        return values.Count == 0 ? null : values.ToString().Trim(' ', '\t');
    }
}
