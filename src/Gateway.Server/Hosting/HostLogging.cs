using Gateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Server.Hosting;

/// <summary>Where log lines go and which are written.</summary>
internal static class HostLogging
{
    public static void Configure(ILoggingBuilder logging, GatewayHostOptions options)
    {
        logging.ClearProviders();
        if (options.JsonLogs)
        {
            // JSON of this writer is ASCII, so it has escaped what others wrote.
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Default);
            logging.EscapesForeignText();
        }

        // Standard output is for what a command prints; a log never mixes with it.
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(options.Quiet ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Where this category is on at all, the framework makes a span of its own for every request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
