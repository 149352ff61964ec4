using System.Text;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Pages;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Connections;

/// <summary><c>/connections</c>: shows people their own connections, and removes them.</summary>
internal sealed class OwnConnectionsPage(
    ConnectionStore store, CallerConnections connections, ConnectionVisitors visitors, IssuerSessions sessions)
{
    private const string Title = "Your connections";
    private const string Removed = "connection";

    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        ConnectionVisitor[] present =
        [
            .. new[] { visitors.Find(http, isIdentified: true), visitors.Find(http, isIdentified: false) }
                .OfType<ConnectionVisitor>(),
        ];
        if (present.Length == 0)
        {
            await AskAsync(http);
            return;
        }

        var theirs = (await store.AllAsync(http.RequestAborted)).Where(one => present.Any(visitor => visitors.Is(
            visitor, one.Connection.Server, one.Connection.Grant, one.Connection.Issuer, one.Connection.Subject)))
            .OrderBy(static one => one.Connection.Server, StringComparer.Ordinal)
            .ThenBy(static one => one.Connection.Grant, StringComparer.Ordinal).ToList();
        if (HttpMethods.IsPost(http.Request.Method))
            await RemoveAsync(http, snapshot, theirs);
        else
            await ShowAsync(http, snapshot, theirs);
    }

    private Task AskAsync(HttpContext http)
    {
        var links = string.Concat(visitors.Providers.Select(static provider => $"""
            <p><a href="{HtmlPage.Text(ConnectionVisitors.SignInAt(provider, ConnectionPaths.Own))}">Sign in with
            {HtmlPage.Text(provider.DisplayName)}</a></p>

            """));
        return HtmlPage.WriteAsync(http, StatusCodes.Status200OK, Title, $"""
            <p>Sign in to see the accounts that your clients use through this gateway.</p>
            {links}
            <p><a href="/sign-in?return={Uri.EscapeDataString(ConnectionPaths.Own)}">Sign in as an operator</a></p>
            """);
    }

    private Task ShowAsync(HttpContext http, GatewaySnapshot snapshot, List<StoredConnection> theirs)
    {
        var csrf = HtmlPage.Text(sessions.Token(http, visitors.Operator(http)));
        var body = new StringBuilder();
        if (theirs.Count == 0)
            body.Append("<p>No connections yet. A call that needs one returns a link to connect.</p>");
        foreach (var (name, _, one) in theirs)
        {
            var state = one.Problem is null ? "" : $"<p class=\"bad\">Connection ended: {Shown(one.Problem)}.</p>";
            body.Append($"""
                <form method="post">
                <p><strong>{Shown(snapshot.Names.Shown(one.Server))}</strong>, for the grant {Shown(one.Grant)}, at
                {Shown(one.AuthorizationServer)}.<br><span class="dim">Connected
                {WrittenTime.Shown(one.Connected)} by {Shown(one.ConnectedBy)}</span></p>
                {state}
                <input type="hidden" name="csrf" value="{csrf}">
                <input type="hidden" name="{Removed}" value="{HtmlPage.Text(name)}">
                <div class="row"><button>Disconnect</button></div>
                </form>

                """);
        }

        return HtmlPage.WriteAsync(http, StatusCodes.Status200OK, Title, body.ToString());
    }

    private async Task RemoveAsync(HttpContext http, GatewaySnapshot snapshot, List<StoredConnection> theirs)
    {
        var form = await OAuthParameters.ReadAsync(http, OAuthParameters.BodyBytesMax);
        var operatorSession = visitors.Operator(http);
        if (form is not { Doubled: null } || !await sessions.IsOwnAsync(http, snapshot, operatorSession, form))
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Form not accepted",
                "This form did not come from the gateway's page, or the page has expired. Reload it.");
            return;
        }

        if (theirs.Find(one => one.Name == form[Removed]) is { } found)
        {
            await connections.RemoveAsync(
                found, snapshot.Servers.GetValueOrDefault(found.Connection.Server), http.RequestAborted);
            var visitor = visitors.Find(http, found.Connection.Issuer is not null)!;
            await visitors.RecordAsync(
                http, visitor, "disconnect", $"servers/{found.Connection.Server} for {found.Connection.Grant}");
        }

        await SignInPage.SendOn(http, ConnectionPaths.Own);
    }

    private static string Shown(string text) => HtmlPage.Text(VisibleText.Of(text));
}
