using Gateway.Proxy.Endpoint;

namespace Gateway.Proxy.Tests.Endpoint;

public sealed class McpPathTests
{
    [Theory]
    [InlineData("/mcp/afip")]
    [InlineData("/mcp/afip/")]
    [InlineData("/MCP/afip")]
    public void Names_the_server(string path)
    {
        Assert.True(McpPath.TryRead(new PathString(path), out var server));
        Assert.Equal("afip", server);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/mcp")]
    [InlineData("/mcp/")]
    [InlineData("/mcp//")]
    [InlineData("/mcp/afip/more")]
    [InlineData("/mcp/afip//")]
    [InlineData("/mcpafip")]
    [InlineData("/api/v1/mcp/afip")]
    public void Leaves_other_paths_to_others(string path) =>
        Assert.False(McpPath.TryRead(new PathString(path), out _));
}
