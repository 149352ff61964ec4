using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Pages;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin.Connections;

/// <summary>The pages at the gateway's origin on which people connect their accounts at servers.</summary>
internal sealed class ConnectionPages(
    ConnectionLinkPage link, ConnectionCallbackPage callback, OwnConnectionsPage own, ConnectionVisitors visitors,
    OAuthRates rates)
{
    /// <summary>Handles a request to one of the pages.</summary>
    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        if (!snapshot.AllowsHost(http.Request.Host, http.Connection.LocalIpAddress)
            || ResourceNames.IsOwnHost(snapshot, http.Request.Host, out _))
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Host header names a host that this gateway does not serve. To serve the host, add it to "
                    + "\"allowedHosts\".");
            return;
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, POST";
            await PlainResponse.TextAsync(http, StatusCodes.Status405MethodNotAllowed, "Allowed methods: GET, POST.");
            return;
        }

        if (http.Request.Path == ConnectionPaths.Client)
        {
            http.Response.Headers.CacheControl = "max-age=3600";
            await PlainResponse.JsonAsync(
                http, StatusCodes.Status200OK, ConnectionClients.Document(snapshot.OAuth!.Issuer));
            return;
        }

        IssuerSessions.UseScheme(http, snapshot);
        var isKnown = visitors.Find(http, isIdentified: true) is not null
            || visitors.Find(http, isIdentified: false) is not null;
        if (!isKnown && await rates.TryAsync(http, OAuthRate.SignIn) is { } refused)
        {
            await HtmlPage.ErrorAsync(http, refused.Status, "Try again later", refused.Text);
            return;
        }

        try
        {
            await (http.Request.Path.Value switch
            {
                ConnectionPaths.Own => own.AnswerAsync(http, snapshot),
                ConnectionPaths.Callback => callback.AnswerAsync(http, snapshot),
                { } path => link.AnswerAsync(http, snapshot, path[ConnectionPaths.Below.Length..]),
                null => throw new InvalidOperationException("A page has a path."),
            });
        }
        catch (ControlStoreException) when (!http.Response.HasStarted)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "Try again later",
                "The gateway cannot reach its store. Reload the page.");
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await HtmlPage.ErrorAsync(http, e.StatusCode, "Not readable", "The request cannot be read.");
        }
    }
}

/// <summary>Adds the pages of connections to a host.</summary>
public static class ConnectionServices
{
    /// <summary>Registers the pages.</summary>
    public static void AddCallerConnections(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionVisitors>();
        services.AddSingleton<ConnectionLinkPage>();
        services.AddSingleton<ConnectionCallbackPage>();
        services.AddSingleton<OwnConnectionsPage>();
        services.AddSingleton<ConnectionPages>();
        services.AddHostedService<OrphanedConnections>();
    }

    /// <summary>Serves <c>/connections</c> if the gateway's origin is configured.</summary>
    public static void UseCallerConnections(this WebApplication app)
    {
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        var pages = app.Services.GetRequiredService<ConnectionPages>();
        app.Use(next => http => snapshots.Current is { OAuth: not null } snapshot
            && ConnectionPaths.Has(http.Request.Path.Value ?? "")
                ? pages.AnswerAsync(http, snapshot)
                : next(http));
    }
}
