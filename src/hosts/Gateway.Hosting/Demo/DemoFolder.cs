using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Hosting.Demo;

/// <summary>A typical configuration in a temporary folder that only this user can read.</summary>
public sealed class DemoFolder : IDisposable
{
    /// <summary>The sample server's name.</summary>
    public const string ServerName = "sample";

    /// <summary>The agent's grant.</summary>
    public const string GrantName = "demo-agent";
    private const string PolicyName = "sample-agents";
    private const string PolicyFile = "policy.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-demo-");

    /// <param name="server">The MCP endpoint of the sample server.</param>
    public DemoFolder(Uri server)
    {
        using (var policy = OpenPolicy())
        using (var copy = File.Create(System.IO.Path.Combine(Path, PolicyFile)))
            policy.CopyTo(copy);

        File.WriteAllText(ConfigPath, Config(server).ToJsonString(Indented));
    }

    /// <summary>The folder.</summary>
    public string Path => _folder.FullName;

    /// <summary>The configuration file in it.</summary>
    public string ConfigPath => System.IO.Path.Combine(Path, "gateway.json");

    /// <summary>The data directory of the gateway.</summary>
    public string DataPath => System.IO.Path.Combine(Path, "data");

    /// <summary>The grant's bearer token, new for every demo.</summary>
    public string Token { get; } = "pgw_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Opens the demo's policy as it is published with the program.</summary>
    public static Stream OpenPolicy() =>
        typeof(DemoFolder).Assembly.GetManifestResourceStream("demo/policy.json")
        ?? throw new InvalidOperationException("The program was built without its demo policy.");

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On Windows, a file that is still open stays. The reason why the demo ended must not be replaced by this.
        }
    }

    private JsonObject Config(Uri server) => new()
    {
        ["servers"] = new JsonObject { [ServerName] = new JsonObject { ["url"] = server.AbsoluteUri } },
        ["policies"] = new JsonObject { [PolicyName] = new JsonObject { ["file"] = PolicyFile } },
        ["grants"] = new JsonObject
        {
            [GrantName] = new JsonObject { ["server"] = ServerName, ["policy"] = PolicyName, ["token"] = Token },
        },
    };
}
