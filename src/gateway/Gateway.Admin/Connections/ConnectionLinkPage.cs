using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Connections;

/// <summary>
/// The page that a link opens. The link says which caller is to be connected, and proves nothing: the person must sign
/// in as that caller, and then approve what is shown here with a click.
/// </summary>
internal sealed class ConnectionLinkPage(
    ConnectionRequests requests, ConnectionAuthorization authorization, ConnectionVisitors visitors,
    IssuerSessions sessions, SignInPage signIn, SignInRecord record)
{
    private const string Issuer = "issuer";

    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot, string id)
    {
        if (await requests.FindAsync(id, http.RequestAborted) is not { Request.SignIn: null } found
            || !snapshot.Servers.TryGetValue(found.Request.Server, out var server) || !server.IsPerCaller
            || !visitors.IsCurrent(found.Request.Owner))
        {
            await OverAsync(http);
            return;
        }

        var owner = found.Request.Owner;
        if (visitors.Find(http, owner.Issuer is not null) is not { } visitor)
        {
            await AskAsync(http, owner, id);
            return;
        }

        if (!visitors.Is(visitor, server.Name, owner.Grant, owner.Issuer, owner.Subject))
        {
            await record.RefusedAsync(http, "connect");
            await HtmlPage.ErrorAsync(http, StatusCodes.Status403Forbidden, "Not your link", owner.Issuer is null
                ? $"This link connects an account for the grant {owner.Grant}. Only an editor of {server.Name} and the "
                    + $"person who authorized the client of the grant may use the link, and {visitor.Name} is neither."
                : "This link was made for another person. Nothing was connected. If someone sent it to you, do not "
                    + "use it: it could let that person act as you.");
            return;
        }

        ConnectionService service;
        try
        {
            service = await authorization.FindAsync(server, found.Request.Scope, http.RequestAborted);
        }
        catch (IOException e)
        {
            await UnusableAsync(http, server, e);
            return;
        }

        if (HttpMethods.IsPost(http.Request.Method))
            await ConnectAsync(http, snapshot, found, server, service, visitor);
        else
            await ShowAsync(http, snapshot, found.Request, server, service);
    }

    private static Task OverAsync(HttpContext http) => HtmlPage.ErrorAsync(
        http, StatusCodes.Status410Gone, "Link no longer valid",
        "This link was used, has expired or is not valid at this gateway. Repeat the call in your client to get a new "
            + "link.");

    private Task AskAsync(HttpContext http, ConnectionOwner owner, string id)
    {
        if (owner.Issuer is null)
            return signIn.ShowAsync(http, ConnectionPaths.Below + id);
        if (visitors.Providers.FirstOrDefault(one => one.Issuer == owner.Issuer) is not { } provider)
        {
            return HtmlPage.ErrorAsync(http, StatusCodes.Status501NotImplemented, "Cannot sign in",
                $"Users of {owner.Issuer} cannot sign in here. Ask the gateway's operator to add this issuer to "
                + "\"admin\".\"providers\".");
        }

        return HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "Connect an account", $"""
            <p>One of your clients wants to use your account at a server. Sign in to see which one.</p>
            <div class="row"><a class="act" id="sign-in" href="{HtmlPage.Text(
                ConnectionVisitors.SignInAt(provider, ConnectionPaths.Below + id))}">Sign in with
            {HtmlPage.Text(provider.DisplayName)}</a></div>
            """);
    }

    private Task ShowAsync(
        HttpContext http, GatewaySnapshot snapshot, ConnectionRequest request, ServerModel server,
        ConnectionService service)
    {
        var name = snapshot.Names.Shown(server.Name);
        var who = request.Owner.Issuer is null
            ? $"""
                <p class="warn">Anyone with a token of the grant <strong>{Shown(request.Owner.Grant)}</strong>
                will act as you on {Shown(name)}.</p>
                """
            : $"<p>Your clients, with the grant <strong>{Shown(request.Owner.Grant)}</strong>, will act as you.</p>";
        var scope = service.Scope is null ? "" : $"<p class=\"dim\">Requested: {Shown(service.Scope)}</p>";
        return HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "Connect your account?", $"""
            <p>Connect your account at <strong>{Shown(name)}</strong> ({Shown(server.Url!.Authority)}).</p>
            {who}
            <p>You continue at <strong>{Shown(service.Issuer)}</strong>, where you sign in and allow access.</p>
            {scope}
            <form method="post">
            <input type="hidden" name="csrf" value="{HtmlPage.Text(sessions.Token(http, visitors.Operator(http)))}">
            <input type="hidden" name="{Issuer}" value="{HtmlPage.Text(service.Issuer)}">
            <div class="row"><button>Connect</button></div>
            </form>
            <p class="dim">If you did not expect this request, close the page.</p>
            """);
    }

    private async Task ConnectAsync(
        HttpContext http, GatewaySnapshot snapshot, StoredRequest found, ServerModel server, ConnectionService service,
        ConnectionVisitor visitor)
    {
        var form = await OAuthParameters.ReadAsync(http, OAuthParameters.BodyBytesMax);
        // The person approved the authorization server that the page showed, and no other.
        if (form is not { Doubled: null } || form[Issuer] != service.Issuer
            || !await sessions.IsOwnAsync(http, snapshot, visitors.Operator(http), form))
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Form not accepted",
                "This form did not come from the gateway's page, or the page has expired. Reload it.");
            return;
        }

        var callback = snapshot.OAuth!.Issuer + ConnectionPaths.Callback;
        try
        {
            service = await authorization.IdentifyAsync(server, service, callback, http.RequestAborted);
        }
        catch (IOException e)
        {
            await UnusableAsync(http, server, e);
            return;
        }

        if (!await requests.TryEndAsync(found))
        {
            await OverAsync(http);
            return;
        }

        var next = await authorization.BeginAsync(
            found.Request, server, service, visitor.Browser, visitor.Name, callback);
        await HtmlPage.WriteAsync(http, StatusCodes.Status200OK, "Continue", $"""
            <p>Continue at {Shown(service.Issuer)}.</p>
            <div class="row"><a class="act" id="next" href="{HtmlPage.Text(next)}">Continue</a></div>
            """, next);
    }

    private static Task UnusableAsync(HttpContext http, ServerModel server, IOException e) =>
        HtmlPage.ErrorAsync(http, StatusCodes.Status502BadGateway, "Cannot connect",
            $"The gateway cannot use the authorization server of {server.Name}: {e.Message}.");

    private static string Shown(string text) => HtmlPage.Text(VisibleText.Of(text));
}
