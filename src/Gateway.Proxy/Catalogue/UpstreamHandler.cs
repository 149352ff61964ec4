using Gateway.Limits;
using Gateway.Mcp;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Catalogue;

/// <summary>
/// Lets the official client speak to a server as every call does: with its credential, to a program's input as well as
/// to an address, without a redirect, cookie or proxy that would carry either elsewhere.
/// </summary>
internal sealed class UpstreamHandler(IUpstream upstream) : HttpMessageHandler
{
    // No grant's name has parentheses, so no agent ever shares this program.
    private const string Caller = "(catalogue)";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var message = body.Length == 0 ? null : McpReader.Read(body, McpReadOptions.Default).Message;
        var headers = new HeaderDictionary();
        foreach (var (name, values) in request.Headers.NonValidated)
            headers[name] = values.ToString();
        var answer = await upstream.SendAsync(
            new UpstreamRequest
            {
                Method = request.Method,
                Body = body,
                ClientHeaders = headers,
                CallId = CallId.New().ToString(),
                SessionId = request.Headers.TryGetValues(McpHeaders.SessionId, out var id) ? id.First() : null,
                Message = message,
                Era = message?.MetaProtocolVersion is { } version ? McpVersions.EraOf(version) : McpEra.Legacy,
                Caller = Caller,
            },
            cancellationToken);
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)answer.StatusCode)
        {
            Content = new StreamContent(answer.Body),
            RequestMessage = request,
        };
        if (answer.MediaType.Length > 0)
            response.Content.Headers.ContentType = new(answer.MediaType);
        if (answer.SessionId is { } session)
            response.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        return response;
    }
}
