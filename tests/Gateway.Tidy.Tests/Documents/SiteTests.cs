using Gateway.Site;

namespace Gateway.Tidy.Tests.Documents;

public sealed class SiteTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Every_document_is_a_page_and_no_link_is_dead()
    {
        var site = SiteBuilder.Build(Repository.Root);

        Assert.Empty(site.DeadLinks);
        Assert.Equal(
            Repository.Files.Count(path => path.EndsWith(".md", StringComparison.Ordinal)
                && (Repository.IsUnder(path, "docs") || !path.Contains('/'))
                && !Repository.IsUnder(path, "docs/use")),
            site.Files.Keys.Count(name => name.EndsWith(".html", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[there](gone.md)", "docs/how-to/a.md:3: \"gone.md\" leads nowhere")]
    [InlineData("[there](../../README.md#gone)", "docs/how-to/a.md:3: README.md has no heading \"#gone\"")]
    [InlineData("[there](#gone)", "docs/how-to/a.md:3: docs/how-to/a.md has no heading \"#gone\"")]
    public void A_dead_link_is_reported_with_its_position(string link, string dead)
    {
        Write(link);

        Assert.Equal([dead], SiteBuilder.Build(_folder.Path).DeadLinks);
    }

    [Fact]
    public void A_path_of_a_document_becomes_a_link_with_its_title()
    {
        Write("Read `README.md`, [here](../../README.md#it-begins), or `elsewhere.md`.");

        var page = Encoding.UTF8.GetString(SiteBuilder.Build(_folder.Path).Files["how-to/a.html"]);

        Assert.Contains("<a href=\"../readme.html\">Overview</a>, <a href=\"../readme.html#it-begins\">here</a>", page,
            StringComparison.Ordinal);
        Assert.Contains("<code>elsewhere.md</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_keeps_its_sides_without_a_style_which_the_policy_of_pages_forbids()
    {
        Write("|  | n |\n|---|---:|\n| a | 1 |");

        var page = Encoding.UTF8.GetString(SiteBuilder.Build(_folder.Path).Files["how-to/a.html"]);

        Assert.Contains("<td class=\"right\">1</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<th></th>", page, StringComparison.Ordinal);
        Assert.All(
            SiteBuilder.Build(Repository.Root).Files.Where(static file => file.Key.EndsWith(".html")),
            static file => Assert.DoesNotContain(" style=\"", Encoding.UTF8.GetString(file.Value)));
    }

    [Fact]
    public void What_a_document_quotes_stays_text()
    {
        Write("`<script>alert(1)</script>`");

        var page = Encoding.UTF8.GetString(SiteBuilder.Build(_folder.Path).Files["how-to/a.html"]);

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string text)
    {
        _folder.File("README.md", "# Home\n\n## It begins\n");
        _folder.File("docs/how-to/a.md", $"# A\n\n{text}\n");
    }
}
