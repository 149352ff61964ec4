namespace Gateway.Faults.Fleets;

/// <summary>The folder of a fleet: its configuration, its policies, and a folder for each process.</summary>
internal sealed class FleetFiles : IDisposable
{
    private const string EditedToken = "pgw_edited_token_0123456789";

    private readonly TestFolder _folder;

    private FleetFiles(TestFolder folder) => _folder = folder;

    public string Folder => _folder.Path;

    public string Config => Path.Combine(Folder, "gateway.json");

    /// <summary>The configuration file of the rate limit service.</summary>
    public string Limits => Path.Combine(Folder, "limits.yaml");

    /// <summary>The token file for the clients of the rate limit service.</summary>
    public string LimitTokens => Path.Combine(Folder, "limits.tokens");

    /// <summary>The data of its time zones.</summary>
    public required DateZones Zones { get; init; }

    /// <summary>Writes all files.</summary>
    public static FleetFiles Write(Workload workload, string serverUrl, long nowMs)
    {
        var folder = new TestFolder("gateway-faults-");
        var files = new FleetFiles(folder) { Zones = DateZones.Write(folder.Path, nowMs) };
        string[] grants = [Workload.Main, Workload.Many, Workload.Edited];
        foreach (var grant in grants)
            files.WritePolicy(grant, workload.Policy(grant, workload.EditedMaxima[0]));
        var policies = grants.Select(grant => $$""" "{{grant}}": { "file": "{{grant}}.json" } """);
        var all = grants.Select(
            grant => $$""" "{{grant}}": { "server": "srv", "policy": "{{grant}}", "token": "{{Token(grant)}}" } """);
        File.WriteAllText(files.Config, $$"""
            {
              "servers": { "srv": { "url": "{{serverUrl}}" } },
              "policies": { {{string.Join(',', policies)}} },
              "grants": { {{string.Join(',', all)}} }
            }
            """);
        File.WriteAllText(files.Limits, Services.Rules);
        File.WriteAllText(files.LimitTokens, Services.Token);
        return files;
    }

    /// <summary>Returns the bearer token of a grant.</summary>
    public static string Token(string grant) => grant switch
    {
        Workload.Main => TestTokens.Agent,
        Workload.Many => TestTokens.Other,
        _ => EditedToken,
    };

    /// <summary>Replaces a policy file atomically, as a careful operator does.</summary>
    public void WritePolicy(string grant, string policy)
    {
        var path = Path.Combine(Folder, grant + ".json");
        File.WriteAllText(path + ".new", policy);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Returns the data folder of one process.</summary>
    public string Data(string name) => Path.Combine(Folder, "data-" + name);

    public void Dispose() => _folder.Dispose();
}
