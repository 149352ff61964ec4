using Gateway.Hosting.Logs;

namespace Gateway.Server.Hosting;

/// <summary>What a host of this program writes to its log.</summary>
internal static class HostLogging
{
    public static void Configure(
        ILoggingBuilder logging, GatewayHostOptions options, IConfiguration? configuration) =>
        GatewayLogging.Configure(
            logging,
            new LogSettings(options.JsonLogs, options.Quiet ? LogLevel.Warning : options.LogLevel),
            configuration);
}
