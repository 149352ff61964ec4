using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Identity.OAuth.Documents;
using Gateway.Identity.Operators;
using Gateway.Identity.Pages;
using Gateway.Identity.Records;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Asks an operator, and does what they answer: never a code without their own click on their own page.
/// </summary>
internal sealed class ConsentPage(
    SnapshotUpdater control, ClientStore clients, ConsentRequests requests, PageDoor door, GrantMaker grants,
    OAuthStore store, SignInRecord record)
{
    private const string Title = "Allow this client?";

    /// <summary>Asks.</summary>
    public async Task AskAsync(HttpContext http, OperatorSession session, AuthorizeQuestion question, string? server)
    {
        var state = control.State;
        var account = session.Owner;
        if (server is null
            ? ConnectRights.Servers(state, account).Count == 0
            : ConnectRights.Policies(state, account, server).Count == 0)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status403Forbidden, "You may not allow this",
                $"{account.Name} may connect no client to {server ?? "any server"}: it takes the role editor, or "
                + "member and a policy that the server has for clients (oauthPolicy). Ask an administrator.");
            return;
        }

        var id = await requests.AddAsync(question, server, session, http.RequestAborted);
        var policies = server is null ? [] : ConnectRights.Policies(state, account, server);
        var own = server is null ? null : state.Objects.Servers[server].OAuthPolicy;
        var known = GrantMaker.Known(state, account, question.Client, server);
        var choice = new ConsentChoice(
            server,
            known?.Servers.GetValueOrDefault(server!) ?? (own is not null && policies.Contains(own) ? own : null),
            known?.Name ?? GrantMaker.FreeLabel(state, question.Client, server),
            ConsentChoice.Lengths[2].Value);
        await ShowAsync(http, session, question.Client, question.RedirectUri, server, choice, id);
    }

    /// <summary>Takes the answer of a page of ours.</summary>
    public async Task TakeAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession session, OAuthParameters form)
    {
        if (form["request"] is not { } id
            || await requests.FindAsync(id, session, http.RequestAborted) is not { } request)
        {
            await OverAsync(http);
            return;
        }

        var asked = request.Value;
        if (await clients.FindAsync(asked.ClientId, http.RequestAborted) is not { } client
            || !RedirectUris.Matches(client.Document.RedirectUris, asked.RedirectUri))
        {
            await OverAsync(http);
            return;
        }

        var choice = new ConsentChoice(asked.Server ?? form["server"], form["policy"], form["label"], form["expires"]);
        var isAllowed = form["action"] == "allow";
        long? expiresMs = null;
        if (isAllowed && Problem(session.Owner, client, choice, out expiresMs) is { } problem)
        {
            await ShowAsync(http, session, client, asked.RedirectUri, asked.Server, choice, id, problem);
            return;
        }

        if (!await requests.TryEndAsync(request))
        {
            await OverAsync(http);
            return;
        }

        if (!isAllowed)
        {
            await record.WriteAsync(http, session.Owner.Name, "deny-client", client.Name);
            await GoOnAsync(http, snapshot, asked, "Denied", "Nothing was allowed.",
                ("error", "access_denied"), ("error_description", "The operator said no."));
            return;
        }

        await AllowAsync(http, snapshot, session, client, asked, choice, expiresMs);
    }

    private async Task AllowAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession session, OAuthClient client,
        RequestDocument asked, ConsentChoice choice, long? expiresMs)
    {
        if (await grants.MakeAsync(http, session.Owner, client, choice, expiresMs) is not { } grant)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "Not allowed",
                "It could not be recorded, or was changed by somebody else meanwhile, so nothing was allowed. Start "
                + "again from your client.");
            return;
        }

        var code = await grants.MakeCodeAsync(grant, asked, choice.Server!);
        await clients.AllowedAsync(client);
        await store.PutInForceAsync();
        await GoOnAsync(http, snapshot, asked, "Allowed",
            $"{client.Name} may use {choice.Server} as the grant {grant.Name}.", ("code", code));
    }

    /// <summary>What is wrong with what was chosen; null where nothing is.</summary>
    private string? Problem(OperatorAccount account, OAuthClient client, ConsentChoice choice, out long? expiresMs)
    {
        expiresMs = null;
        var state = control.State;
        if (choice.Server is null || ConnectRights.Policies(state, account, choice.Server).Count == 0)
            return "Choose a server that you may connect.";
        if (choice.Policy is null || !ConnectRights.Policies(state, account, choice.Server).Contains(choice.Policy))
            return "Choose a policy that you may give for this server.";
        if (choice.Label is null || !EntityName.IsValid(choice.Label))
            return $"The grant's name cannot be taken: {EntityName.Rule}.";
        if (!GrantMaker.IsFree(state, account, client, choice.Server, choice.Label))
            return "There is another grant of that name; choose another name.";
        if (choice.Expires == ConsentChoice.Never)
            return null;
        if (choice.Expires is null || !WrittenTime.TryAhead(choice.Expires, store.Now, out var ends)
            || ends <= store.Now)
        {
            return "Choose when it ends.";
        }

        expiresMs = ends.ToUnixTimeMilliseconds();
        return null;
    }

    private Task ShowAsync(
        HttpContext http, OperatorSession session, OAuthClient client, string redirectUri, string? server,
        ConsentChoice choice, string id, string? problem = null)
    {
        var hidden = $"<input type=\"hidden\" name=\"request\" value=\"{HtmlPage.Text(id)}\">"
            + $"<input type=\"hidden\" name=\"csrf\" value=\"{HtmlPage.Text(door.Token(http, session))}\">";
        return HtmlPage.WriteAsync(
            http, problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Title,
            ConsentView.Html(
                control.State, session.Owner, client, redirectUri, server, choice, hidden, problem));
    }

    private static Task OverAsync(HttpContext http) => HtmlPage.ErrorAsync(
        http, StatusCodes.Status400BadRequest, "Over",
        "This was answered already, is too old, or was asked in another browser. Nothing was allowed now. Start again "
        + "from your client.");

    /// <summary>
    /// The browser goes on from a page: a redirect after a form is held to the page's form-action by some browsers.
    /// </summary>
    private static Task GoOnAsync(
        HttpContext http, GatewaySnapshot snapshot, RequestDocument asked, string title, string text,
        params (string, string)[] answer)
    {
        var next = AuthorizeQuestion.Answer(asked.RedirectUri, snapshot.OAuth!.Issuer, asked.State, answer);
        return HtmlPage.WriteAsync(http, StatusCodes.Status200OK, title, $"""
            <p>{HtmlPage.Text(text)}</p>
            <div class="row"><a class="act" id="next" href="{HtmlPage.Text(next)}">Back to the client</a></div>
            """, next);
    }
}
