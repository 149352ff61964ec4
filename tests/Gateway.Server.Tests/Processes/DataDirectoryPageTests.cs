namespace Gateway.Server.Tests.Processes;

/// <summary>The table of data directories in docs/how-to/storage.md, against one that a gateway has used.</summary>
public sealed class DataDirectoryPageTests() : OneServerTest("""
    { "version": "1", "default": "allow", "record_arguments": true,
      "tools": { "pay": { "limits": [ { "counter": "all", "window": "month", "max": 5 } ] } } }
    """)
{
    [Fact]
    public async Task Data_directory_has_only_entries_that_the_page_about_storage_explains()
    {
        await using (var gateway = await GatewayProcess.StartAsync(Config, Data))
        {
            using var client = gateway.Client();
            using var content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"a":1}}}""",
                new MediaTypeHeaderValue("application/json"));
            using var response = await client.PostAsync("", content);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            gateway.Terminate();
            await gateway.WaitForExitAsync();
        }

        var page = await File.ReadAllTextAsync(SourceTree.PathOf("docs", "how-to", "storage.md"));
        var entries = Directory.GetFileSystemEntries(Data).Select(Path.GetFileName).ToArray();
        Assert.Contains("arguments", entries);
        Assert.All(entries, entry => Assert.Matches($"\\| `{entry}/?` \\|", page));
    }
}
