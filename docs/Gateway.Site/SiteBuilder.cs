using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Gateway.Site;

/// <summary>
/// Makes static pages of the documents: one for each, with the same navigation, and an index for the search. A path of
/// a document in a code span becomes a link with its title, as the documents name each other by their paths.
/// </summary>
public static class SiteBuilder
{
    private const int IndexedCharactersMax = 2000;

    /// <summary>The page that a reader sees first.</summary>
    private const string Home = "docs/README.md";
    private const string Overview = "README.md";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePreciseSourceLocation().Build();

    // Relaxed: the index is fetched as JSON and never stands in a page.
    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // In the order in which a newcomer reads; other pages of a group's folder follow.
    private static readonly (string Group, string Folder, string[] Sources)[] Order =
    [
        ("Start", "", [Home, Overview, "docs/performance.md"]),
        ("Tutorials", "docs/tutorials/", ["docs/tutorials/first-refusal.md", "docs/tutorials/approvals.md",
            "docs/tutorials/postgresql-fleet.md", "docs/tutorials/kubernetes-silos.md"]),
        ("How-to guides", "docs/how-to/", ["docs/how-to/install.md", "docs/how-to/policy.md",
            "docs/how-to/cookbook.md", "docs/how-to/clients.md", "docs/how-to/servers.md",
            "docs/how-to/kubernetes.md", "docs/how-to/reverse-proxy.md", "docs/how-to/operations.md",
            "docs/how-to/storage.md", "docs/how-to/monitoring.md", "docs/how-to/capacity.md"]),
        ("Reference", "docs/reference/", ["docs/reference/policy.md", "docs/reference/gateway-json.md",
            "docs/reference/configuration.md", "docs/reference/commands.md"]),
        ("Explanation", "docs/engineering/", ["ARCHITECTURE.md", "SECURITY.md", "docs/engineering/exactness.md",
            "docs/engineering/request-lifecycle.md", "CONTRIBUTING.md", "CHANGELOG.md"]),
        ("Decisions", "docs/decisions/", ["docs/decisions/README.md"]),
    ];

    /// <summary>Reads the documents below a folder and makes their pages.</summary>
    /// <param name="root">A checkout: with README.md and docs/.</param>
    public static SiteFiles Build(string root)
    {
        var pages = Pages(root);
        var bySource = pages.ToDictionary(static page => page.Source, StringComparer.Ordinal);
        var dead = new List<string>();
        var pictures = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in pages)
            LinkUp(page, root, bySource, dead, pictures);
        var template = Text("page.html");
        var files = pages.ToDictionary(
            static page => page.Name, page => Encoding.UTF8.GetBytes(Render(page, pages, template)));
        foreach (var picture in pictures)
            files[BelowDocs(picture)] = File.ReadAllBytes(Path.Combine(root, picture));
        foreach (var asset in new[] { "site.css", "site.js" })
            files[asset] = Encoding.UTF8.GetBytes(Text(asset));
        files["search.json"] = JsonSerializer.SerializeToUtf8Bytes(pages.SelectMany(Sections), Relaxed);
        return new SiteFiles(files, dead);
    }

    private static List<SitePage> Pages(string root)
    {
        var found = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Concat(Order.SelectMany(static group => group.Sources).Where(static source => !source.Contains('/')))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var pages = new List<SitePage>();
        foreach (var (group, folder, first) in Order)
        {
            var rest = found.Where(path =>
                folder.Length > 0 && path.StartsWith(folder, StringComparison.Ordinal));
            var sources = first.Where(source => File.Exists(Path.Combine(root, source))).Concat(rest);
            foreach (var source in sources.Except(pages.Select(static page => page.Source)))
            {
                var document = Markdown.Parse(File.ReadAllText(Path.Combine(root, source)), Pipeline);
                var title = document.Descendants<HeadingBlock>().First().Inline!;
                pages.Add(new SitePage(source, NameOf(source), group, source == Overview ? "Overview" : Plain(title),
                    document));
            }
        }

        return pages;
    }

    private static string NameOf(string source)
    {
        if (source == Home)
            return "index.html";
        var path = BelowDocs(source);
        return (path == source ? source.ToLowerInvariant() : path)[..^".md".Length] + ".html";
    }

    private static string BelowDocs(string source) =>
        source.StartsWith("docs/", StringComparison.Ordinal) ? source["docs/".Length..] : source;

    private static void LinkUp(
        SitePage page, string root, Dictionary<string, SitePage> bySource, List<string> dead,
        HashSet<string> pictures)
    {
        var folder = Path.GetDirectoryName(page.Source)!.Replace('\\', '/');
        foreach (var code in page.Document.Descendants<CodeInline>().ToList())
        {
            if (code.Parent is LinkInline || !bySource.TryGetValue(code.Content, out var named) || named == page)
                continue;
            var link = new LinkInline(page.Up + named.Name, "") { Span = code.Span, Line = code.Line };
            code.ReplaceBy(link);
            link.AppendChild(new LiteralInline(named.Title));
        }

        foreach (var link in page.Document.Descendants<LinkInline>())
        {
            var url = link.Url ?? "";
            if (url.Contains(':', StringComparison.Ordinal))
                continue;
            var (path, anchor) = url.Split('#', 2) is [var before, var after] ? (before, after) : (url, "");
            var source = path.Length == 0 ? page.Source : Join(folder, path);
            if (bySource.Values.Any(one => page.Up + one.Name == path))
                continue;
            if (!bySource.TryGetValue(source, out var target))
            {
                if (!Path.Exists(Path.Combine(root, source)))
                    dead.Add($"{page.Source}:{link.Line + 1}: \"{url}\" leads nowhere");
                else if (link.IsImage)
                {
                    pictures.Add(source);
                    link.Url = page.Up + BelowDocs(source);
                }

                continue;
            }

            if (anchor.Length > 0 && !Anchors(target).Contains(anchor))
                dead.Add($"{page.Source}:{link.Line + 1}: {target.Source} has no heading \"#{anchor}\"");
            link.Url = (target == page ? "" : page.Up + target.Name) + (anchor.Length > 0 ? $"#{anchor}" : "");
        }
    }

    private static string Join(string folder, string path) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, path))).Replace('\\', '/');

    private static HashSet<string> Anchors(SitePage page) =>
        [.. page.Document.Descendants<HeadingBlock>().Select(static heading => heading.GetAttributes().Id ?? "")];

    private static string Render(SitePage page, List<SitePage> pages, string template)
    {
        var navigation = new StringBuilder();
        foreach (var group in pages.GroupBy(static one => one.Group))
        {
            navigation.Append($"<h2>{group.Key}</h2><ul>");
            foreach (var one in group)
            {
                var here = one == page ? " aria-current=\"page\"" : "";
                navigation.Append($"<li><a href=\"{page.Up}{one.Name}\"{here}>{Html(one.Title)}</a></li>");
            }

            navigation.Append("</ul>");
        }

        var contents = new StringBuilder();
        foreach (var heading in page.Document.OfType<HeadingBlock>().Where(static heading => heading.Level == 2))
            contents.Append($"<li><a href=\"#{heading.GetAttributes().Id}\">{Html(Plain(heading.Inline!))}</a></li>");
        return template
            .Replace("{{title}}", Html(page.Title), StringComparison.Ordinal)
            .Replace("{{root}}", page.Up, StringComparison.Ordinal)
            .Replace("{{source}}", Html(page.Source), StringComparison.Ordinal)
            .Replace("{{navigation}}", navigation.ToString(), StringComparison.Ordinal)
            .Replace("{{contents}}", contents.ToString(), StringComparison.Ordinal)
            .Replace("{{body}}", Wrapped(page.Document.ToHtml(Pipeline)), StringComparison.Ordinal);
    }

    // A wide table, or a long line of code, is moved by itself, never the page; the keyboard reaches it.
    private static string Wrapped(string html) => html
        .Replace("<table>", "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>",
            StringComparison.Ordinal)
        .Replace("</table>", "</table></div>", StringComparison.Ordinal)
        .Replace("<th></th>", "<td></td>", StringComparison.Ordinal)
        // The page's policy lets no style stand in an element.
        .Replace(" style=\"text-align: right;\"", " class=\"right\"", StringComparison.Ordinal)
        .Replace(" style=\"text-align: center;\"", " class=\"center\"", StringComparison.Ordinal)
        .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal);

    private static IEnumerable<string[]> Sections(SitePage page)
    {
        string heading = "", anchor = "";
        var text = new StringBuilder();
        foreach (var block in page.Document)
        {
            if (block is HeadingBlock { Level: <= 3 } next)
            {
                if (heading.Length > 0)
                    yield return [page.Name + anchor, page.Title, heading, Cut(text)];
                (heading, anchor) = (Plain(next.Inline!), next.Level == 1 ? "" : $"#{next.GetAttributes().Id}");
                text.Clear();
                continue;
            }

            Gather(block, text);
        }

        if (heading.Length > 0)
            yield return [page.Name + anchor, page.Title, heading, Cut(text)];
    }

    private static void Gather(MarkdownObject block, StringBuilder text)
    {
        if (block is LeafBlock { Inline: { } inline })
            text.Append(Plain(inline)).Append(' ');
        else if (block is LeafBlock leaf)
            text.Append(leaf.Lines.ToString()).Append(' ');
        else if (block is ContainerBlock container)
        {
            foreach (var child in container)
                Gather(child, text);
        }
    }

    private static string Cut(StringBuilder text)
    {
        var words = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length > IndexedCharactersMax ? words[..IndexedCharactersMax] : words;
    }

    private static string Plain(ContainerInline inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline.Descendants())
        {
            text.Append(part switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                _ => "",
            });
        }

        return text.ToString();
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Text(string name)
    {
        using var stream = typeof(SiteBuilder).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
