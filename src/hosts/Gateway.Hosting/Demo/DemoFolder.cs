using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Hosting.Demo;

/// <summary>A configuration as a user would write it, in a temporary folder that only this user reads.</summary>
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

    /// <param name="server">Where the sample server speaks MCP.</param>
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

    /// <summary>Where the gateway keeps its state.</summary>
    public string DataPath => System.IO.Path.Combine(Path, "data");

    /// <summary>The grant's bearer token, made anew for every demo.</summary>
    public string Token { get; } = "pgw_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The demo's policy as it is published with the program.</summary>
    public static Stream OpenPolicy() =>
        typeof(DemoFolder).Assembly.GetManifestResourceStream("demo/policy.json")
        ?? throw new InvalidOperationException("The program was built without its demo policy.");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

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
