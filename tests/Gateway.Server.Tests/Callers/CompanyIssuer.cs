namespace Gateway.Server.Tests.Callers;

/// <summary>A company's identity provider in a process of its own, which signs any claims.</summary>
internal sealed class CompanyIssuer : IAsyncDisposable
{
    private static readonly Lazy<Task<CompanyIssuer>> OfAllTests = new(() => StartAsync(isShared: true));

    private readonly NodeProcess _node;
    private readonly bool _isShared;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isStopped;

    private CompanyIssuer(NodeProcess node, string url, bool isShared) =>
        (_node, Url, _isShared) = (node, url, isShared);

    /// <summary>
    /// A provider for every test that neither replaces its keys nor stops it, because its start takes longer than most
    /// of these tests. It ends with its standard input, and so with this process.
    /// </summary>
    public static Task<CompanyIssuer> Shared => OfAllTests.Value;

    public string Url { get; }

    public static Task<CompanyIssuer> StartAsync() => StartAsync(isShared: false);

    /// <summary>Sends a command of the script, and returns its reply.</summary>
    public async Task<JsonNode> SendAsync(JsonObject command)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await _turn.WaitAsync(deadline.Token);
        try
        {
            await _node.WriteLineAsync(command.ToJsonString());
            return JsonNode.Parse(await _node.ReadJsonLineAsync(deadline.Token))!;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Replaces its keys.</summary>
    public Task RotateAsync() =>
        _isShared ? throw SharedWithOthers() : SendAsync(new JsonObject { ["rotate"] = true });

    public async ValueTask StopAsync()
    {
        if (_isShared)
            throw SharedWithOthers();
        if (_isStopped)
            return;
        _isStopped = true;
        await _node.DisposeAsync();
        _turn.Dispose();
    }

    public ValueTask DisposeAsync() => _isShared ? ValueTask.CompletedTask : StopAsync();

    private static InvalidOperationException SharedWithOthers() => new("Start the bench with an issuer of its own.");

    private static async Task<CompanyIssuer> StartAsync(bool isShared)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        var node = NodeProcess.Start("company-issuer.js");
        var started = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        return new CompanyIssuer(node, (string)started["issuer"]!, isShared);
    }
}
