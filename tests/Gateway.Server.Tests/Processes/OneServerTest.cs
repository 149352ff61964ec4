namespace Gateway.Server.Tests.Processes;

/// <summary>One server and one policy, configured in a folder, for gateways in processes of their own.</summary>
/// <param name="policy">The policy of the test grant.</param>
public abstract class OneServerTest(string policy) : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-process-");

    private protected RecordingServer Server { get; private set; } = null!;

    /// <summary>The path of the configuration file.</summary>
    protected string Config { get; private set; } = "";

    protected string Folder => _folder.Path;

    protected string Data => Path.Combine(Folder, "data");

    protected string Journal => Path.Combine(Data, "limits", "journal");

    public virtual async Task InitializeAsync()
    {
        Server = await RecordingServer.StartAsync();
        Config = TestConfig.Write(Folder, Server.Url, policy);
    }

    public virtual Task DisposeAsync() => Server.DisposeAsync().AsTask();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
