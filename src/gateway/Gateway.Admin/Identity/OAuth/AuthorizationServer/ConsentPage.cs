using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Records;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy.Text;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Asks an operator for consent and carries out the decision. A code requires the operator's own click on the gateway's
/// own page.
/// </summary>
internal sealed class ConsentPage(
    SnapshotUpdater control, ClientStore clients, ConsentRequests requests, IssuerSessions issuer, GrantMaker grants,
    OAuthStore store, SignInRecord record)
{
    private const string Title = "Allow this client?";

    /// <summary>Shows the consent page.</summary>
    public async Task AskAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession session, AuthorizeQuestion question,
        string? resource)
    {
        var state = control.State;
        var account = session.Owner;
        if (!ConnectRights.Has(state, account, resource))
        {
            var server = resource is null or ResourceNames.All ? "any server" : resource;
            await HtmlPage.ErrorAsync(http, StatusCodes.Status403Forbidden, "Permission required",
                $"{account.Name} cannot connect a client to {server}. This requires the role editor, "
                + "or the role member if the server has a policy for clients (oauthPolicy). Ask an administrator.");
            return;
        }

        var id = await requests.AddAsync(question, resource, session, http.RequestAborted);
        var known = GrantMaker.Known(state, account, question.Client, resource);
        IEnumerable<string> servers = resource switch
        {
            null => [],
            ResourceNames.All => ConnectRights.Servers(state, account),
            _ => [resource],
        };
        var choice = new ConsentChoice(
            resource,
            servers.ToDictionary(
                static server => server, server => Offered(state, account, known, server), StringComparer.Ordinal),
            known?.Name ?? GrantMaker.FreeLabel(state, question.Client, resource),
            ConsentChoice.Lengths[2].Value);
        var page = new ConsentView(state, account, question.Client, question.RedirectUri, resource)
        {
            // An older client names no resource, whichever address it uses.
            AllAt = resource is null
                ? $"{http.Request.Path}{http.Request.QueryString}&resource="
                    + Uri.EscapeDataString(ResourceNames.OfAll(snapshot.OAuth!))
                : null,
        };
        await ShowAsync(http, session, page, choice, id);
    }

    /// <summary>
    /// Returns the preselected policy: the one that the grant has, else the server's default for clients.
    /// </summary>
    private static string? Offered(
        ControlState state, OperatorAccount account, GrantDefinition? known, string server)
    {
        var policies = ConnectRights.Policies(state, account, server);
        var policy = known is null || known.Servers.Count == 0
            ? state.Objects.Servers[server].OAuthPolicy
            : known.Servers.GetValueOrDefault(server);
        return policy is not null && policies.Contains(policy) ? policy : null;
    }

    /// <summary>Processes the form of the consent page.</summary>
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

        var choice = ConsentChoice.Read(asked.Server, form, control.State, session.Owner);
        var isAllowed = form["action"] == "allow";
        long? expiresMs = null;
        if (isAllowed && Problem(session.Owner, client, choice, out expiresMs) is { } problem)
        {
            var page = new ConsentView(control.State, session.Owner, client, asked.RedirectUri, asked.Server)
            {
                Problem = problem,
            };
            await ShowAsync(http, session, page, choice, id);
            return;
        }

        if (!await requests.TryEndAsync(request))
        {
            await OverAsync(http);
            return;
        }

        if (!isAllowed)
        {
            await record.WriteAsync(http, session.Owner.Name, "deny-client", client.Name, session);
            await GoOnAsync(http, snapshot, asked, "Denied", "Nothing was allowed.",
                ("error", "access_denied"), ("error_description", "The operator denied the request."));
            return;
        }

        await AllowAsync(http, snapshot, session, client, asked, choice, expiresMs);
    }

    private async Task AllowAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession session, OAuthClient client,
        RequestDocument asked, ConsentChoice choice, long? expiresMs)
    {
        if (await grants.MakeAsync(http, session, client, choice, expiresMs) is not { } grant)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "Not allowed",
                "The grant could not be recorded, or someone else changed it first, so nothing was allowed. Start "
                + "again from your client.");
            return;
        }

        var code = await grants.MakeCodeAsync(grant, asked, choice.Resource!);
        await clients.AllowedAsync(client);
        await store.PutInForceAsync();
        await GoOnAsync(http, snapshot, asked, "Allowed",
            $"{client.Name} may use {string.Join(", ", grant.Servers.Keys)} as the grant {grant.Name}.",
            ("code", code));
    }

    /// <summary>Returns the error in the choices; null if there is none.</summary>
    private string? Problem(OperatorAccount account, OAuthClient client, ConsentChoice choice, out long? expiresMs)
    {
        expiresMs = null;
        var state = control.State;
        if (choice.Resource is not { } resource || choice.Servers.Count == 0
            || choice.Servers.Keys.Any(server => ConnectRights.Policies(state, account, server).Count == 0))
        {
            return "Select a server that you are allowed to connect.";
        }

        foreach (var (server, policy) in choice.Servers)
        {
            if (policy is null || !ConnectRights.Policies(state, account, server).Contains(policy))
                return $"Select a policy that you may assign for {server}.";
        }

        if (choice.Label is null || !EntityName.IsValid(choice.Label))
            return $"The grant's name is not valid: {EntityName.Rule}.";
        if (!GrantMaker.IsFree(state, account, client, resource, choice.Label))
            return "Another grant has that name. Enter a different one.";
        if (state.Stored.Grants.GetValueOrDefault(choice.Label)?.VirtualTools?.Servers
            .FirstOrDefault(server => !choice.Servers.ContainsKey(server)) is { } left)
        {
            return $"The grant has virtual tools of {left}. Choose that server too, or ask an editor to remove these "
                + "tools.";
        }

        if (choice.Expires == ConsentChoice.Never)
            return null;
        if (choice.Expires is null || !WrittenTime.TryAhead(choice.Expires, store.Now, out var ends)
            || ends <= store.Now)
        {
            return "Select when the grant expires.";
        }

        expiresMs = ends.ToUnixTimeMilliseconds();
        return null;
    }

    private Task ShowAsync(
        HttpContext http, OperatorSession session, ConsentView page, ConsentChoice choice, string id)
    {
        var hidden = $"<input type=\"hidden\" name=\"request\" value=\"{HtmlPage.Text(id)}\">"
            + $"<input type=\"hidden\" name=\"csrf\" value=\"{HtmlPage.Text(issuer.Token(http, session))}\">";
        return HtmlPage.WriteAsync(
            http, page.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Title,
            page.Html(choice, hidden));
    }

    private static Task OverAsync(HttpContext http) => HtmlPage.ErrorAsync(
        http, StatusCodes.Status400BadRequest, "Request no longer valid",
        "This request was already decided, has expired or belongs to another browser. Nothing was allowed. Start again "
        + "from your client.");

    /// <summary>
    /// Sends the browser on from a page: some browsers apply the page's form-action to a redirect after a form.
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
