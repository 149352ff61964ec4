namespace Gateway.Cluster.Tests.Agents;

/// <summary>A configuration with one server, and one grant whose policy limits one tool for a month.</summary>
internal static class AgentConfig
{
    public const string Token = "pgw_agent_token_0123456789";
    public const string AdminKey = "administrator-key-of-this-test";

    public static string Write(string folder, string serverUrl, int max)
    {
        var path = Path.Combine(folder, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "servers": { "srv": { "url": "{{serverUrl}}" } },
              "policies": { "policy": {
                "version": "1", "default": "deny",
                "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": {{max}} } ] } } } },
              "grants": { "agent": { "server": "srv", "policy": "policy", "token": "{{Token}}" } },
              "admin": { "key": "{{AdminKey}}" }
            }
            """);
        return path;
    }
}
