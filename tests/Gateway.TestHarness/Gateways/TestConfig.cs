namespace Gateway.TestHarness.Gateways;

/// <summary>A configuration file with one server, one policy and the grants of the tests.</summary>
public static class TestConfig
{
    public static string Write(string folder, string serverUrl, string policy, string more = "")
    {
        var path = Path.Combine(folder, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "servers": { "srv": { "url": "{{serverUrl}}", "headers": { "Authorization": "Bearer upstream-secret" } } },
              "policies": { "policy": {{policy}} },
              "grants": {
                "agent": { "server": "srv", "policy": "policy", "token": "{{TestTokens.Agent}}" },
                "other": { "server": "srv", "policy": "policy", "token": "{{TestTokens.Other}}" },
                "nopolicy": { "server": "srv", "token": "pgw_no_policy_token_012345" },
                "old": {
                  "server": "srv", "policy": "policy", "token": "pgw_expired_token_01234567", "expires": "2020-01-01T00:00:00Z"
                }
              }
              {{more}}
            }
            """);
        return path;
    }
}
