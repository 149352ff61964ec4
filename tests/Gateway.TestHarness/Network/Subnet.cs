namespace Gateway.TestHarness.Network;

/// <summary>A /24 that nothing else on this machine uses.</summary>
public static class Subnet
{
    private const int SubnetsMax = 250;

    /// <summary>
    /// Claims a subnet without a route on this machine, and returns its first three numbers. A route to it serves as
    /// the claim: it can be added only once, so no other process takes the same subnet. The route also keeps packets
    /// for the subnet on this machine.
    /// </summary>
    public static async Task<string> ClaimAsync()
    {
        var problem = "all are in use";
        for (var i = 0; i < SubnetsMax; i++)
        {
            var prefix = $"10.203.{(Environment.ProcessId + i) % SubnetsMax}";
            if ((await IpCommand.RunAsync($"-4 route show table all root {prefix}.0/24")).Length > 0)
                continue;
            if (await IpCommand.TryAsync($"route add {Claim(prefix)}") is not { } refusal)
                return prefix;
            problem = refusal;
        }

        throw new InvalidOperationException($"No subnet of 10.203.0.0/16 can be taken: {problem}");
    }

    /// <summary>Returns the shell command that releases it.</summary>
    public static string Removal(string prefix) => $"ip route del {Claim(prefix)}";

    private static string Claim(string prefix) => $"blackhole {prefix}.0/24";
}
