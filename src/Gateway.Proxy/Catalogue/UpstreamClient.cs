namespace Gateway.Proxy.Catalogue;

/// <summary>A client for one server: no redirect, cookie or proxy that would carry its credential elsewhere.</summary>
internal sealed class UpstreamClient() : HttpClient(new SocketsHttpHandler
{
    AllowAutoRedirect = false,
    UseCookies = false,
    UseProxy = false,
    ConnectTimeout = TimeSpan.FromSeconds(5),
});
