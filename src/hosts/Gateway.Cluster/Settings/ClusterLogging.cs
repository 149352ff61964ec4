using Gateway.Hosting.Logs;

namespace Gateway.Cluster.Settings;

/// <summary>One JSON object a line on standard error, as a cluster's log collector wants it.</summary>
internal static class ClusterLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        // Before the rest, so that Logging__LogLevel__Orleans of the environment is stronger.
        logging.AddFilter("Orleans", LogLevel.Warning);
        GatewayLogging.Configure(logging, new LogSettings(IsJson: true), configuration: null);
    }
}
