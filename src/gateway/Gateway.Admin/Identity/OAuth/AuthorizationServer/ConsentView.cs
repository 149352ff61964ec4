using System.Text;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The consent page. Everything that a client says about itself appears as text and is marked as unverified.
/// </summary>
/// <param name="state">The active configuration.</param>
/// <param name="account">The operator who is asked for consent.</param>
/// <param name="client">The client that requests access.</param>
/// <param name="redirectUri">The destination of the response.</param>
/// <param name="resource">The server, or all that are chosen; null if the operator picks one.</param>
internal sealed class ConsentView(
    ControlState state, OperatorAccount account, OAuthClient client, string redirectUri, string? resource)
{
    private bool IsOfAll => resource == ResourceNames.All;

    /// <summary>The error in the submitted form; null the first time.</summary>
    public string? Problem { get; init; }

    /// <summary>The address of the same request for all servers as one; null if that is not offered.</summary>
    public string? AllAt { get; init; }

    /// <param name="choice">The preselected values.</param>
    /// <param name="hidden">The fields that the form sends back, as HTML.</param>
    public string Html(ConsentChoice choice, string hidden)
    {
        var html = new StringBuilder();
        html.Append("<dl>");
        Fact(html, "Client", client.Name);
        Fact(html, client.IsVerified ? "Identity" : "Verified", client.IsVerified ? new Uri(client.Id).Host : "No: "
            + "the client chose this name");
        if (IsOfAll)
            Fact(html, "Servers", "All servers that you select below");
        else if (resource is not null)
            Fact(html, "Server", resource);
        Fact(html, "Redirects to", Place(redirectUri));
        Fact(html, "Signed in as", account.DisplayName is { } shown ? $"{shown} ({account.Name})" : account.Name);
        html.Append("</dl>");
        if (RedirectUris.IsOfMachine(redirectUri))
        {
            html.Append("<p class=\"warn\">The authorization code goes to a program on the computer that opened this "
                + "page. Any program there can impersonate this client. Allow it only if you have just started "
                + "it.</p>");
        }

        if (Problem is not null)
            html.Append("<p class=\"bad\" role=\"alert\">").Append(HtmlPage.Text(Problem)).Append("</p>");
        html.Append("<form method=\"post\" action=\"/authorize\">").Append(hidden);
        if (IsOfAll)
            SeveralServers(html, choice);
        else
            OneServer(html, choice);
        html.Append(
            $"""
            <label for="label">Grant name <small>Shown in lists and in the audit log</small></label>
            <input id="label" name="label" value="{HtmlPage.Text(choice.Label)}"
             required maxlength="64" spellcheck="false">
            """);
        Select(html, "expires", "Expires after", ConsentChoice.Lengths, choice.Expires);
        html.Append("""
            <div class="row"><button name="action" value="allow">Allow</button>
            <button class="no" name="action" value="deny" formnovalidate>Deny</button></div>
            </form>
            """);
        return html.ToString();
    }

    private void OneServer(StringBuilder html, ConsentChoice choice)
    {
        var servers = resource is null ? ConnectRights.Servers(state, account) : [resource];
        if (resource is null)
        {
            Select(html, "server", "Server", Same(servers), choice.Resource);
            if (AllAt is not null)
            {
                html.Append("<p class=\"dim\">Does the client's URL end in /mcp? "
                    + $"<a href=\"{HtmlPage.Text(AllAt)}\">Select several servers</a> instead.</p>");
            }
        }

        var policies = servers.SelectMany(one => ConnectRights.Policies(state, account, one))
            .Distinct().Order(StringComparer.Ordinal);
        Select(html, "policy", "Policy", Same(policies), choice.Servers.Values.FirstOrDefault());
    }

    /// <summary>
    /// Writes one field for each server that this operator may grant; an unselected server is not granted.
    /// </summary>
    private void SeveralServers(StringBuilder html, ConsentChoice choice)
    {
        html.Append("<fieldset><legend>Servers and policies for this client</legend>");
        var all = ConnectRights.Servers(state, account);
        var offered = all.Count <= ConsentRequests.ServersMax ? all
            : [.. all.OrderBy(server => choice.Servers.GetValueOrDefault(server) is null)
                .Take(ConsentRequests.ServersMax)];
        foreach (var server in offered)
        {
            Select(
                html, ConsentChoice.FieldOf(server), server, Same(ConnectRights.Policies(state, account, server)),
                choice.Servers.GetValueOrDefault(server), "No access");
        }

        html.Append("</fieldset>");
        if (offered.Count < all.Count)
        {
            html.Append($"<p class=\"dim\">{all.Count - offered.Count} more servers are not shown. An editor can add "
                + "them to the grant afterwards.</p>");
        }
    }

    private static IEnumerable<(string Value, string Text)> Same(IEnumerable<string> names) =>
        names.Select(static name => (name, name));

    /// <summary>
    /// Writes a selection. Without a preselected option, nothing is selected until the operator does so.
    /// </summary>
    /// <param name="html">The page.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="label">Its label.</param>
    /// <param name="options">The options.</param>
    /// <param name="chosen">The preselected option; null for none.</param>
    /// <param name="none">The label of the empty option; null if a selection is required.</param>
    private static void Select(
        StringBuilder html, string name, string label, IEnumerable<(string Value, string Text)> options,
        string? chosen, string? none = null)
    {
        html.Append($"<label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\"")
            .Append(none is null ? " required>" : ">");
        if (chosen is null || none is not null)
            html.Append($"<option value=\"\"{(chosen is null ? " selected" : "")}>{none ?? "Select…"}</option>");
        foreach (var (value, text) in options)
        {
            html.Append($"<option value=\"{HtmlPage.Text(value)}\"{(value == chosen ? " selected" : "")}>")
                .Append(HtmlPage.Text(text)).Append("</option>");
        }

        html.Append("</select>");
    }

    private static void Fact(StringBuilder html, string name, string value) =>
        html.Append($"<dt>{HtmlPage.Text(name)}</dt><dd>{HtmlPage.Text(value)}</dd>");

    /// <summary>Returns the part of a redirect URI that identifies its recipient.</summary>
    private static string Place(string redirectUri) =>
        redirectUri.StartsWith("http", StringComparison.Ordinal) ? new Uri(redirectUri).Authority
        : $"the application of {redirectUri[..redirectUri.IndexOf(':', StringComparison.Ordinal)]}:";
}
