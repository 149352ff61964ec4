using Gateway.Proxy.Configuration;
using Gateway.Proxy.Snapshots;

namespace Gateway.Cluster.Hosting;

/// <summary>The servers, policies and grants of a frontend; the same file for every frontend of a fleet.</summary>
internal static class ConfigFile
{
    /// <exception cref="SettingsException">The file is wrong; every problem is named.</exception>
    public static GatewaySnapshot Read(ClusterSettings settings)
    {
        if (!settings.HasFrontend || settings.Config is not { } file) return GatewaySnapshot.Empty;
        var result = ConfigLoader.Load(file.FullName, Environment.GetEnvironmentVariable);
        foreach (var warning in result.Warnings) Console.Error.WriteLine($"warning: {warning}");
        return result.Snapshot ?? throw new SettingsException(string.Join('\n', result.Problems));
    }
}
