using System.Collections.Concurrent;
using Gateway.Limits.Model;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// The handler that sends the official client's requests to a server like every call: with its credential, to an
/// address or a program's input, and without a redirect, cookie or proxy that would carry either elsewhere.
/// </summary>
internal sealed class UpstreamHandler(IUpstream upstream, InventoryMeter meter, CancellationToken probeEnded)
    : HttpMessageHandler
{
    // A grant's name cannot contain parentheses, so no agent ever shares this program.
    private const string Caller = "(catalogue)";

    // The client leaves some responses undisposed when it fails; each holds a connection.
    private readonly ConcurrentBag<UpstreamResponse> _answers = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The client resumes a response that broke off, and would then receive more of an endless one.
        if (meter.IsOver)
            throw new IOException("The inventory exceeds its bound.");
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var message = body.Length == 0 ? null : McpReader.Read(body, McpReadBounds.Default).Message;
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
                Revision =
                    message?.MetaProtocolVersion is { } version ? McpVersions.RevisionOf(version) : McpRevision.Legacy,
                Caller = Caller,
                // Ends the programs that were started for this probe.
                CallerEnded = probeEnded,
            },
            cancellationToken);
        _answers.Add(answer);
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)answer.StatusCode)
        {
            Content = new StreamContent(new MeteredStream(answer, meter)),
            RequestMessage = request,
        };
        if (answer.MediaType.Length > 0)
            response.Content.Headers.ContentType = new(answer.MediaType);
        if (answer.SessionId is { } session)
            response.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var answer in _answers)
            answer.Dispose();
        base.Dispose(disposing);
    }
}
