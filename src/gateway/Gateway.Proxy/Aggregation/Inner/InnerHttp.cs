using System.Collections.Frozen;
using Gateway.Mcp.Headers;
using Gateway.Proxy.Aggregation.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// The request of an inner message for the pipeline: the client's own request, with headers that match the message.
/// </summary>
internal static class InnerHttp
{
    private static readonly FrozenSet<string> NotCopied = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        McpHeaders.Method, McpHeaders.Name, McpHeaders.SessionId, McpHeaders.LastEventId, "Content-Length");

    public static DefaultHttpContext Create(
        AggregateRequest outer, string method, InnerResponse response, InnerLifetime lifetime)
    {
        var inner = Create(outer.Headers, outer.Services, method, response, lifetime);
        inner.Features.Set(outer.ProxyHeaders);
        inner.Features.Set(outer.SubjectToken);
        return inner;
    }

    /// <summary>Returns a request with these headers.</summary>
    public static DefaultHttpContext Create(
        IEnumerable<KeyValuePair<string, StringValues>> headers, IServiceProvider services, string method,
        InnerResponse response, InnerLifetime lifetime)
    {
        var request = new HttpRequestFeature { Method = method, Path = "/mcp" };
        foreach (var (name, values) in headers)
        {
            if (!NotCopied.Contains(name))
                request.Headers[name] = values;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return new DefaultHttpContext(features) { RequestServices = services };
    }
}

/// <summary>
/// The lifetime of an inner message's client: as long as the outer request, or until it no longer waits.
/// </summary>
internal sealed class InnerLifetime(CancellationTokenSource end) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted { get; set; } = end.Token;

    /// <summary>True if the response broke off.</summary>
    public bool IsAborted { get; private set; }

    public void Abort()
    {
        IsAborted = true;
        end.Cancel();
    }
}
