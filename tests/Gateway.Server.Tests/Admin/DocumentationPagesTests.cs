using System.IO.Compression;

namespace Gateway.Server.Tests.Admin;

public sealed partial class DocumentationPagesTests
{
    [Fact]
    public async Task Every_page_and_every_link_of_it_is_served_without_a_key()
    {
        await using var bench = await AdminBench.StartAsync();
        using var client = new HttpClient { BaseAddress = bench.Client.BaseAddress };
        var begin = new Uri(client.BaseAddress!, "/docs");
        var waiting = new Queue<Uri>([begin]);
        var seen = new Dictionary<Uri, string> { [begin] = "" };
        while (waiting.TryDequeue(out var next))
        {
            using var answer = await client.GetAsync(next);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{next}: {answer.StatusCode}");
            var text = await answer.Content.ReadAsStringAsync();
            seen[next] = text;
            if (answer.Content.Headers.ContentType!.MediaType != "text/html") continue;
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            var here = answer.RequestMessage!.RequestUri!;
            foreach (var link in Links(text, here).Where(link => link.Authority == here.Authority))
            {
                var page = new Uri(link.GetLeftPart(UriPartial.Query));
                if (seen.TryAdd(page, "")) waiting.Enqueue(page);
            }
        }

        Assert.Contains(seen, page => page.Key.AbsolutePath == "/docs/reference/policy.html");
        Assert.True(seen.Count > 25, $"{seen.Count} pages");
        await AssertAnchorsAsync(client, seen);
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json")]
    public async Task Client_that_accepts_brotli_receives_the_same_content_compressed(string path)
    {
        await using var bench = await AdminBench.StartAsync();
        using var client = new HttpClient { BaseAddress = bench.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", "br" } } };

        using var response = await client.SendAsync(request);
        var plain = await client.GetByteArrayAsync(path);

        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        Assert.InRange((int)response.Content.Headers.ContentLength!.Value, 1, plain.Length / 3);
        using var unpacked = new MemoryStream();
        var content = await response.Content.ReadAsStreamAsync();
        await using var brotli = new BrotliStream(content, CompressionMode.Decompress);
        await brotli.CopyToAsync(unpacked);
        Assert.Equal(plain, unpacked.ToArray());
    }

    [Theory]
    [InlineData("/docs/none.html")]
    [InlineData("/docs/%2e%2e/gateway.json")]
    [InlineData("/docs/how-to/")]
    public async Task What_is_no_page_is_not_found(string path)
    {
        await using var bench = await AdminBench.StartAsync();

        using var answer = await bench.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/docs/use/quick-start.html", "/docs/tutorials/first-refusal.html")]
    [InlineData("/docs/use/configuration.html", "/docs/reference/configuration.html")]
    [InlineData("/docs/use/runbook.html", "/docs/how-to/runbook.html")]
    public async Task Page_that_moved_redirects_to_its_place(string before, string after)
    {
        await using var bench = await AdminBench.StartAsync();
        using var client = new HttpClient { BaseAddress = bench.Client.BaseAddress };

        using var response = await client.GetAsync(before);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(after, response.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task A_page_may_be_asked_for_without_its_text()
    {
        await using var bench = await AdminBench.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/docs/how-to/policy.html");

        using var answer = await bench.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 10_000);
    }

    // What the search offers leads to a heading that is there.
    private static async Task AssertAnchorsAsync(HttpClient client, Dictionary<Uri, string> pages)
    {
        using var index = JsonDocument.Parse(await client.GetStringAsync("/docs/search.json"));
        Assert.True(index.RootElement.GetArrayLength() > 100);
        foreach (var section in index.RootElement.EnumerateArray())
        {
            var target = new Uri(client.BaseAddress!, $"/docs/{section[0].GetString()}");
            var page = pages[new Uri(target.GetLeftPart(UriPartial.Query))];
            if (target.Fragment.Length > 0)
                Assert.Contains($"id=\"{target.Fragment[1..]}\"", page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<Uri> Links(string html, Uri page) =>
        Link().Matches(html).Select(match => new Uri(page, WebUtility.HtmlDecode(match.Groups[1].Value)))
            .Where(link => link.Scheme is "http");

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();
}
