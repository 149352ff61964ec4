using System.Buffers;
using Gateway.Proxy.Aggregation.Raw;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Proxy.Tests.Aggregation.Raw;

public sealed class ResourceLinksTests
{
    private readonly ResourceUris _uris = new(new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData("""{"result":{"content":[{"type":"text","uri":"a://1","resource":{"uri":"a://2"}}]}}""")]
    [InlineData("""{"result":{"content":[{"type":"resource_link","uri":7},{"type":"resource","resource":"a://2"},3]}}""")]
    [InlineData("""{"result":{"content":[{"type":"resource_link","uri":"no scheme: 1"}]}}""")]
    [InlineData("""{"result":{"content":[{"type":"resource_link","uri":"HTTPS://example.com"}]}}""")]
    [InlineData("""{"result":{"structuredContent":{"content":[{"type":"resource_link","uri":"a://1"}]}}}""")]
    [InlineData("""{"result":{"content":[{"type":"resource_link","uri":"a://1"}]}""")]
    [InlineData("""[{"result":{"content":[{"type":"resource_link","uri":"a://1"}]}}]""")]
    [InlineData("""{"method":"notifications/message","params":{"uri":"a://1"}}""")]
    [InlineData("")]
    public void Message_without_a_resource_to_rewrite_is_unchanged(string message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(Links().TryRewrite(Encoding.UTF8.GetBytes(message), output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("""{"result":{"messages":[{"role":"user","content":{"type":"resource","resource":{"uri":"U"}}}]}}""")]
    [InlineData("""{"result":{"content":[{"uri":"U","uri":"U","type":"resource_link"}]}}""")]
    [InlineData("""{"result":{"contents":[{"uri":"U","text":"U"}],"_meta":{"ui":{"resourceUri":"U"}}}}""")]
    [InlineData("""{"method":"notifications/resources/updated","params":{"uri":"U"}}""")]
    public void Only_the_uris_of_resources_change_and_memory_is_bounded_beforehand(string form)
    {
        // Three bytes a character, the longest that is sealed.
        var uri = "memo://" + new string('€', ResourceUris.UriCharsMax - "memo://".Length);
        var message = Encoding.UTF8.GetBytes(
            form.Replace("\"U\"", JsonSerializer.Serialize(uri), StringComparison.Ordinal));
        var links = Links();
        var output = new ArrayBufferWriter<byte>();

        Assert.True(links.TryRewrite(message, output));
        Assert.InRange(output.WrittenCount, 1, links.BytesFor(message));
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        var start = text.IndexOf("memo://policy", StringComparison.Ordinal);
        var first = text[start..text.IndexOf('"', start)];
        Assert.Equal(("crm", uri), _uris.Open("agent", first));
        Assert.Null(_uris.Open("other", first));
    }

    [Fact]
    public void Number_of_rewritten_uris_of_one_message_is_bounded()
    {
        var blocks = Enumerable.Range(0, ResourceLinks.LinksMax + 5)
            .Select(static i => $$"""{"type":"resource_link","uri":"memo://{{i}}"}""");
        var message = Encoding.UTF8.GetBytes($$$"""{"result":{"content":[{{{string.Join(',', blocks)}}}]}}""");
        var output = new ArrayBufferWriter<byte>();

        Assert.True(Links().TryRewrite(message, output));
        using var json = JsonDocument.Parse(output.WrittenMemory);
        var uris = json.RootElement.GetProperty("result").GetProperty("content").EnumerateArray()
            .Select(static block => block.GetProperty("uri").GetString()!).ToList();
        Assert.Equal(ResourceLinks.LinksMax, uris.Count(ResourceUris.IsSealed));
        Assert.Equal("memo://1004", uris[^1]);
    }

    [Fact]
    public void Uri_in_the_form_of_the_gateway_that_a_server_returns_is_sealed_as_its_own()
    {
        var stolen = _uris.Seal("agent", "erp", "memo://1")!;
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Links().TryRewrite(Encoding.UTF8.GetBytes(
            $$$"""{"result":{"content":[{"type":"resource_link","uri":"{{{stolen}}}"}]}}"""), output));
        using var json = JsonDocument.Parse(output.WrittenMemory);
        var link = json.RootElement.GetProperty("result").GetProperty("content")[0].GetProperty("uri").GetString()!;
        Assert.Equal(("crm", stolen), _uris.Open("agent", link));
    }

    private ResourceLinks Links() => new(_uris, "agent", "crm");
}
