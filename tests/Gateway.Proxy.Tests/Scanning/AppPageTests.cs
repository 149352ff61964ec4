using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Tests.Scanning;

public sealed class AppPageTests
{
    [Fact]
    public void Finds_scripts_and_external_origins()
    {
        var page = AppPage.Scan("""
            <svg xmlns="http://www.w3.org/2000/svg"></svg>
            <script type="module">fetch("https://A.example.com/x")</script>
            <SCRIPT src='https://cdn.example.com:8443/a.js'></SCRIPT><script>new WebSocket("wss://b.example.com")
            """);

        Assert.Equal(["https://a.example.com", "https://cdn.example.com:8443", "wss://b.example.com"], page.Origins);
        Assert.Equal(3, page.Scripts.Count);
        Assert.Equal("https://cdn.example.com:8443/a.js", page.Scripts[1]);
        Assert.All([page.Scripts[0], page.Scripts[2]], static one => Assert.StartsWith("sha256-", one));
    }

    [Fact]
    public void A_page_of_any_size_has_a_bounded_number_of_entries()
    {
        var page = AppPage.Scan(string.Concat(Enumerable.Range(0, 10_000).Select(
            static i => $"<script>{i}</script>https://a{i}.example.com ")));

        Assert.Equal((AppPage.EntriesMax, AppPage.EntriesMax), (page.Scripts.Count, page.Origins.Count));
    }

    [Fact]
    public void Another_script_has_another_hash() =>
        Assert.NotEqual(AppPage.Scan("<script>a</script>").Scripts, AppPage.Scan("<script>b</script>").Scripts);
}
