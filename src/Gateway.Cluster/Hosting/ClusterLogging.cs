using Microsoft.Extensions.Logging.Console;

namespace Gateway.Cluster.Hosting;

/// <summary>One JSON object a line on standard error, as a cluster's log collector wants it.</summary>
internal static class ClusterLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
