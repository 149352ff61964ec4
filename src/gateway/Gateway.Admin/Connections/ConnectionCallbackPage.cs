using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Connections;

/// <summary>
/// The page to which authorization servers return. A response is accepted once, in the browser that began the sign-in,
/// from the authorization server that it began at.
/// </summary>
internal sealed class ConnectionCallbackPage(
    ConnectionRequests requests, ConnectionAuthorization authorization, ConnectionVisitors visitors,
    CallerConnections connections, SignInRecord record)
{
    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        var query = OAuthParameters.OfQuery(http.Request);
        if (!HttpMethods.IsGet(http.Request.Method) || query.Doubled is not null || query["state"] is not { } state
            || await requests.FindAsync(state, http.RequestAborted) is not { Request.SignIn: { } signIn } found)
        {
            await NotBegunAsync(http);
            return;
        }

        var owner = found.Request.Owner;
        if (visitors.Find(http, owner.Issuer is not null) is not { } visitor || visitor.Browser != signIn.Browser
            || !visitors.Is(visitor, found.Request.Server, owner.Grant, owner.Issuer, owner.Subject)
            || !visitors.IsCurrent(owner))
        {
            await record.RefusedAsync(http, "connect");
            await NotBegunAsync(http);
            return;
        }

        if (!await requests.TryEndAsync(found))
            await NotBegunAsync(http);
        else if (await ProblemAsync(http, query, signIn) is { } problem)
            await problem;
        else if (query["code"] is { } code && snapshot.Servers.TryGetValue(found.Request.Server, out var server)
            && server.IsPerCaller)
            await CompleteAsync(http, found.Request, server, code, visitor, snapshot.Names.Shown(server.Name));
        else
            await NotBegunAsync(http);
    }

    /// <summary>Returns the page that says why a response connects nobody; null if it may.</summary>
    private async ValueTask<Task?> ProblemAsync(HttpContext http, OAuthParameters query, ConnectionSignIn signIn)
    {
        // Prevents mix-up attacks, in which one authorization server's codes are sent to another (RFC 9207).
        var named = query["iss"];
        if (named is null ? signIn.NamesIssuer : named != signIn.AuthorizationServer)
        {
            await record.RefusedAsync(http, "connect");
            return HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Wrong authorization server",
                $"The response is not from {VisibleText.Of(signIn.AuthorizationServer)}, so it was discarded. Nothing "
                + "was connected. Tell the gateway's operator if this happens again.");
        }

        return query["error"] is not { } error ? null
            : HtmlPage.ErrorAsync(http, StatusCodes.Status200OK, "Not connected",
                $"{VisibleText.Of(signIn.AuthorizationServer)} refused access ({VisibleText.Of(error)}), or you "
                + "canceled it there. Nothing was connected. To try again, repeat the call and open the new link.");
    }

    private async Task CompleteAsync(
        HttpContext http, ConnectionRequest request, ServerModel server, string code, ConnectionVisitor visitor,
        string name)
    {
        try
        {
            await authorization.CompleteAsync(request, server, code, http.RequestAborted);
            // An operator may have stopped the person during the exchange, and found no connection to end.
            if (!await visitors.IsStillCurrentAsync(request.Owner))
            {
                var stored = request.Owner.NameAt(server.Name);
                await connections.RemoveAsync(
                    one => one.Name == stored, new Dictionary<string, ServerModel> { [server.Name] = server });
                await NotBegunAsync(http);
                return;
            }
        }
        catch (IOException e)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status502BadGateway, "Not connected",
                $"The gateway got no access token: {e.Message}. Repeat the call in your client to try again.");
            return;
        }

        await visitors.RecordAsync(
            http, visitor, "connect", $"servers/{server.Name} for {request.Owner.Grant}");
        await HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "Connected", $"""
            <p>Your account at <strong>{HtmlPage.Text(name)}</strong> is connected. Go back to your client and repeat
            the call.</p>
            <p><a href="{ConnectionPaths.Own}">Your connections</a></p>
            """);
    }

    private static Task NotBegunAsync(HttpContext http) => HtmlPage.ErrorAsync(
        http, StatusCodes.Status400BadRequest, "Sign-in not valid",
        "This sign-in did not start in this browser, was already used, or took too long. Nothing was connected. Repeat "
        + "the call in your client to start again.");
}
