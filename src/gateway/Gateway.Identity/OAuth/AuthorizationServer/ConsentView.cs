using System.Text;
using Gateway.Control.Updating;
using Gateway.Identity.Operators;
using Gateway.Identity.Pages;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The page that asks. Whatever a client said of itself stands there as text, and is called unverified.
/// </summary>
internal static class ConsentView
{
    /// <param name="state">What is in force.</param>
    /// <param name="account">Who is asked.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="redirectUri">Where the answer goes.</param>
    /// <param name="server">The server; null where the operator picks one.</param>
    /// <param name="choice">What is filled in.</param>
    /// <param name="hidden">The fields that the form brings back, as HTML.</param>
    /// <param name="problem">What was wrong with what was sent; null the first time.</param>
    public static string Html(
        ControlState state, OperatorAccount account, OAuthClient client, string redirectUri, string? server,
        ConsentChoice choice, string hidden, string? problem)
    {
        var html = new StringBuilder();
        html.Append("<dl>");
        Fact(html, "Client", client.Name);
        Fact(html, client.IsVerified ? "Identity" : "Verified", client.IsVerified ? new Uri(client.Id).Host : "no: "
            + "the name is what the client says");
        if (server is not null)
            Fact(html, "Server", server);
        Fact(html, "Answer goes to", Place(redirectUri));
        Fact(html, "Signed in as", account.DisplayName is { } shown ? $"{shown} ({account.Name})" : account.Name);
        html.Append("</dl>");
        if (RedirectUris.IsOfMachine(redirectUri))
        {
            html.Append("<p class=\"warn\">The answer goes to a program on the computer of whoever opened this page. "
                + "Any program there may pose as this client: allow it only if you have just started it yourself.</p>");
        }

        if (problem is not null)
            html.Append("<p class=\"bad\" role=\"alert\">").Append(HtmlPage.Text(problem)).Append("</p>");
        html.Append("<form method=\"post\" action=\"/authorize\">").Append(hidden);
        Fields(html, state, account, server, choice);
        html.Append("""
            <div class="row"><button name="action" value="allow">Allow</button>
            <button class="no" name="action" value="deny" formnovalidate>Deny</button></div>
            </form>
            """);
        return html.ToString();
    }

    private static void Fields(
        StringBuilder html, ControlState state, OperatorAccount account, string? server, ConsentChoice choice)
    {
        var servers = server is null ? ConnectRights.Servers(state, account) : [server];
        if (server is null)
            Select(html, "server", "Server", servers.Select(static one => (one, one)), choice.Server);
        var policies = servers.SelectMany(one => ConnectRights.Policies(state, account, one))
            .Distinct().Order(StringComparer.Ordinal);
        Select(html, "policy", "Policy", policies.Select(static one => (one, one)), choice.Policy);
        html.Append(
            $"""
            <label for="label">Name of the grant <small>as lists and records show it</small></label>
            <input id="label" name="label" value="{HtmlPage.Text(choice.Label)}"
             required maxlength="64" spellcheck="false">
            """);
        Select(html, "expires", "Ends after", ConsentChoice.Lengths, choice.Expires);
    }

    /// <summary>Without a choice that is made already, nothing is chosen until the operator does.</summary>
    private static void Select(
        StringBuilder html, string name, string label, IEnumerable<(string Value, string Text)> options, string? chosen)
    {
        html.Append($"<label for=\"{name}\">{label}</label><select id=\"{name}\" name=\"{name}\" required>");
        if (chosen is null)
            html.Append("<option value=\"\" selected>choose…</option>");
        foreach (var (value, text) in options)
        {
            html.Append($"<option value=\"{HtmlPage.Text(value)}\"{(value == chosen ? " selected" : "")}>")
                .Append(HtmlPage.Text(text)).Append("</option>");
        }

        html.Append("</select>");
    }

    private static void Fact(StringBuilder html, string name, string value) =>
        html.Append($"<dt>{HtmlPage.Text(name)}</dt><dd>{HtmlPage.Text(value)}</dd>");

    /// <summary>The part that says who gets it.</summary>
    private static string Place(string redirectUri) =>
        redirectUri.StartsWith("http", StringComparison.Ordinal) ? new Uri(redirectUri).Authority
        : $"the application of {redirectUri[..redirectUri.IndexOf(':', StringComparison.Ordinal)]}:";
}
