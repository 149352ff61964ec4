using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Tools;
using Gateway.Audit.Replaying;
using Gateway.Catalogue.Recommending;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary>
/// Self-contained HTML pages about the tools of a server. Definitions are text that an attacker may have written: each
/// of them is encoded, invisible characters are made visible, and the pages load and send nothing.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="exported">The tools that have a page.</param>
/// <param name="effects">The evaluation of the recommended policy by tool; null if there is none.</param>
/// <param name="note">A note about the evaluation, or the reason why there is none.</param>
internal sealed class ToolHtml(
    string server, IReadOnlyCollection<string> exported, IReadOnlyDictionary<string, ReplayedTool>? effects,
    string? note)
{
    private const int PlainCharsMax = 60;
    private static readonly JsonWriterOptions Indented = new() { Indented = true };
    private static readonly string Style = Read("catalogue/site.css") + Read("catalogue/tool.css");

    private const string Script = """
        for (const button of document.querySelectorAll('button.copy')) {
          button.hidden = !navigator.clipboard;
          button.addEventListener('click', async () => {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.of).textContent);
            button.textContent = 'Copied';
          });
        }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Digest(Style)}'; script-src 'sha256-{Digest(Script)}'; "
        + "base-uri 'none'; form-action 'none'";

    private readonly HashSet<string> _exported = [.. exported];
    private readonly StringBuilder _html = new();

    /// <summary>
    /// Returns the file name of a tool's page: valid on every system, and different for different tools. A name that
    /// cannot be used as it is gets a hash after a period, which no plain name contains.
    /// </summary>
    public static string FileOf(string tool)
    {
        var plain = new string([.. tool.Take(PlainCharsMax).Select(static letter =>
            char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-' ? letter : '-')]);
        return plain == tool
            ? $"tool-{plain}.html"
            : $"tool-{plain}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(tool)))[..16]}.html";
    }

    /// <summary>Returns the page that lists the tools.</summary>
    public string Index(CatalogueView list, IReadOnlyList<ToolPageView> pages)
    {
        _html.Clear();
        Open($"Tools of {server}");
        Line($"<h1>Tools of {Safe(server)}</h1>");
        Line($"<p class=\"quiet\">{Spelling.Count(pages.Count, "tool")}, classified by version {Safe(list.Classifier)}"
            + $"{(list.SeenAt is { } seen ? $" from the list of {Time(seen)}" : "")}.</p>");
        if (list.Note is { } omitted)
            Line($"<p>{Safe(omitted)}</p>");
        Table(["Tool", "Category", "Risk", "Confidence"], pages.Select(page => (string[])
        [
            Link(page.Name), Safe(page.Category), Badge(page.Risk), Confidence(page),
        ]));
        return Close();
    }

    /// <summary>Returns the page about a tool.</summary>
    public string Page(ToolPageView page)
    {
        _html.Clear();
        Open($"{page.Name} of {server}");
        Line("<p><a href=\"index.html\">All tools of this server</a></p>");
        Line($"<h1>{Safe(page.Name)}</h1>");
        Line($"<p>{Badge(page.Risk)} <span class=\"badge\">{Safe(page.Category)}</span> "
            + $"<span class=\"quiet\">on {Safe(server)}"
            + $"{(page.Title is { } title ? $" · {Safe(title)}" : "")}</span></p>");
        Section("What it does");
        Line($"<p>{Safe(page.Effect)}</p>");
        if (page.Description is { } description)
        {
            Line("<p class=\"quiet\">The server describes it as follows:</p>"
                + $"<div class=\"quote\">{Safe(description)}</div>");
        }

        Risk(page);
        Recommended(page);
        Attacks(page);
        Related(page);
        Section("Schema");
        Code("arguments", "Arguments", Json(page.InputSchema));
        if (page.OutputSchema is { } result)
            Code("result", "Structured result", Json(result));
        else
            Line("<p class=\"quiet\">The server declares no schema for results.</p>");
        Definition(page);
        Section("Questions and answers");
        Line("<dl class=\"answers\">");
        foreach (var (question, answer) in page.Questions)
            Line($"<dt>{Safe(question)}</dt><dd>{Safe(answer)}</dd>");
        Line("</dl>");
        return Close();
    }

    private void Risk(ToolPageView page)
    {
        Section("Category and risk");
        Line("<dl>");
        Fact("Category", Safe(page.Category));
        Fact("Risk", Badge(page.Risk));
        Fact("Confidence", Confidence(page));
        if (page.Probabilities is { } all)
        {
            Fact("Probabilities", string.Join(", ", all.OrderByDescending(static one => one.Value)
                .ThenBy(static one => one.Key, StringComparer.Ordinal)
                .Select(static one => $"{Safe(one.Key)} {Percent(one.Value)}")));
        }

        if (page.Class is { } named)
            Fact("Class in policies", Safe(named.Name));
        Fact("Classifier", $"version {Safe(page.Classifier)}");
        Line("</dl><h3>Evidence</h3>");
        List(page.Reasons.Select(static reason => Safe(reason)));
        if (page.Override is { } said)
            Line($"<p>{Safe(said.By)} set this classification on {Time(said.At)}: {Safe(said.Note)}</p>");
    }

    private void Recommended(ToolPageView page)
    {
        Section("Recommended policy");
        if (page.RecommendedRule is not { } rule)
        {
            Line("<p>Rules cannot name this tool. Leave it denied.</p>");
            return;
        }

        var policy = new JsonObject
        {
            ["version"] = "1",
            ["default"] = "deny",
            ["pin"] = RecommendedPolicy.PinOf(RecommendedProfile.Balanced),
            ["tools"] = new JsonObject { [page.Name] = rule.DeepClone() },
        };
        Code("policy", "policy.json", Json(JsonElement.Parse(policy.ToJsonString())));
        Line("<h3>Effect on the calls of the last week</h3>");
        Line($"<p>{Safe(EffectOf(page.Name))}</p>");
        Line("<h3>Use this policy</h3><ol>"
            + "<li>Save the policy as <code>policy.json</code>, and merge the rules of the other tools into it.</li>"
            + $"<li><code>gateway policy set {Safe(server)} policy.json</code></li>"
            + $"<li><code>gateway grant create AGENT --server {Safe(server)}={Safe(server)}</code></li></ol>");
    }

    private string EffectOf(string tool)
    {
        if (effects is null)
            return $"Not evaluated: {note}";
        var said = new StringBuilder();
        if (!effects.TryGetValue(tool, out var effect) || effect.Calls == 0)
            said.Append("The audit log has no call of this tool in the last 7 days.");
        else
        {
            var invariant = CultureInfo.InvariantCulture;
            said.Append("Of ").Append(Spelling.Count(effect.Calls, "call")).Append(" in the last 7 days, ")
                .Append(invariant, $"{effect.Same} would be decided as before");
            foreach (var (outcome, calls) in effect.Changed)
                said.Append(invariant, $", {calls} would be {outcome.Replace('_', ' ')}");
            said.Append(invariant, $", and {effect.Unknown} cannot be determined from the audit log.");
        }

        return said.Append(note is null ? "" : $" {note}").ToString();
    }

    private void Attacks(ToolPageView page)
    {
        Section("Attack patterns");
        List(page.AttackPatterns.Select(static one =>
            $"<strong>{Safe(one.Name)}</strong> <span class=\"quiet\">{Safe(string.Join(", ", one.Sources))}</span><br>"
            + $"{Safe(one.What)} It applies because {Safe(one.Because)}. Stopped by: {Safe(one.StoppedBy)}."));
    }

    private void Related(ToolPageView page)
    {
        Section("Related tools");
        Line("<h3>Tools of this server for the same purpose</h3>");
        List(page.Related.Select(one => $"{Link(one.Name)} <span class=\"quiet\">{Safe(one.Because)}</span>"));
        Line("<h3>Tools of other servers for the same purpose</h3>");
        List(page.Elsewhere.Select(static one => $"{Badge(one.Risk)} {Safe(one.Name)} on {Safe(one.Server)}"));
        Line("<h3>Other tools of this server, by risk</h3>");
        List(page.ByRisk.Select(one => $"{Badge(one.Risk)} {Link(one.Name)}"));
    }

    private void Definition(ToolPageView page)
    {
        Section("Definition");
        if (page.Definition is not { } definition)
        {
            Line("<p>The gateway does not store this server's tools.</p>");
            return;
        }

        Line("<dl>");
        Fact("Version", definition.Contract is { } contract ? $"<code>{Safe(contract)}</code>" : "cannot be read");
        Fact("First listed", Time(definition.FirstSeen));
        Fact("Accepted", definition.AcceptedAt is { } at ? $"{Time(at)} by {Safe(definition.AcceptedBy)}" : "no");
        Fact("Drift", definition.Drift == "none" ? "as accepted"
            : $"{Safe(definition.Drift.Replace('_', ' '))}, {Safe(definition.Standing)}");
        if (definition.Changes.Count > 0)
            Fact("Changed places", Safe(string.Join(", ", definition.Changes)));
        Line("</dl><h3>History</h3>");
        Table(["Time", "Change", "By"], page.History.Select(static step => (string[])
        [
            Time(step.At), Safe(step.Text) + (step.Reason is { } reason ? $": {Safe(reason)}" : ""),
            step.By is null ? "the server" : Safe(step.By),
        ]));
    }

    private void Open(string title) => Line($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(Visible(title))}</title>
        <style>{Style}</style></head><body><main class="column">
        """);

    private string Close() =>
        _html.Append("</main><script>").Append(Script).Append("</script></body></html>\n").ToString();

    private void Section(string title) => Line($"<h2>{title}</h2>");

    private void Fact(string name, string html) => Line($"<dt>{name}</dt><dd>{html}</dd>");

    private void Code(string id, string title, string text) => Line(
        $"<p><strong>{title}</strong> <button type=\"button\" class=\"copy\" data-of=\"{id}\" hidden>Copy</button></p>"
        + $"<pre tabindex=\"0\"><code id=\"{id}\">{WebUtility.HtmlEncode(text)}</code></pre>");

    private void List(IEnumerable<string> items)
    {
        var all = items.ToList();
        Line(all.Count == 0 ? "<p class=\"quiet\">None.</p>"
            : $"<ul>{string.Concat(all.Select(static item => $"<li>{item}</li>"))}</ul>");
    }

    private void Table(string[] heads, IEnumerable<string[]> rows)
    {
        Line("<div class=\"wide\"><table><thead><tr>"
            + string.Concat(heads.Select(static head => $"<th scope=\"col\">{head}</th>")) + "</tr></thead><tbody>");
        foreach (var row in rows)
            Line($"<tr>{string.Concat(row.Select(static cell => $"<td>{cell}</td>"))}</tr>");
        Line("</tbody></table></div>");
    }

    private void Line(string html) => _html.Append(html).Append('\n');

    private string Link(string tool) =>
        _exported.Contains(tool) ? $"<a href=\"{FileOf(tool)}\">{Safe(tool)}</a>" : Safe(tool);

    private static string Badge(string risk) =>
        $"<span class=\"badge {WebUtility.HtmlEncode(risk)}\">{Safe(risk)}</span>";

    private static string Confidence(ToolPageView page) => page.Override is not null ? "set by an operator"
        : page.Sure ? Percent(page.Confidence) : $"{Percent(page.Confidence)}, uncertain";

    private static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "");

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // The serializer escapes every character outside of ASCII, so invisible ones are visible.
    private static string Json(JsonElement? value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
            (value ?? JsonElement.Parse("{}")).WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Returns text as HTML in which each invisible character is shown by its number.</summary>
    private static string Safe(string? text)
    {
        var html = new StringBuilder("<bdi>");
        foreach (var letter in (text ?? "").EnumerateRunes())
        {
            if (IsInvisible(letter))
                html.Append("<span class=\"char\">").Append(Number(letter)).Append("</span>");
            else
                html.Append(WebUtility.HtmlEncode(letter.ToString()));
        }

        return html.Append("</bdi>").ToString();
    }

    private static string Number(Rune letter) => string.Create(CultureInfo.InvariantCulture, $"U+{letter.Value:X4}");

    private static string Visible(string text) => string.Concat(
        text.EnumerateRunes().Select(static letter => IsInvisible(letter) ? "\uFFFD" : letter.ToString()));

    private static bool IsInvisible(Rune letter) => letter.Value is not ('\n' or '\t')
        && Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned;

    private static string Digest(string text) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using var stream = typeof(ToolHtml).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
