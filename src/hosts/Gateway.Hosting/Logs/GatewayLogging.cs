using Gateway.Hosting.Draining;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting.Logs;

/// <summary>
/// Configures the destination, the level and the form of log lines. From weakest to strongest: the defaults here, the
/// <c>Logging</c> section of the host's configuration, the requested level.
/// </summary>
public static class GatewayLogging
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <param name="logging">The host's logging.</param>
    /// <param name="settings">The requested settings.</param>
    /// <param name="configuration">
    /// The host's configuration; null without a host, for the environment's <c>Logging__…</c> only.
    /// </param>
    public static void Configure(ILoggingBuilder logging, LogSettings settings, IConfiguration? configuration)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(settings);
        var section = (configuration ?? new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .GetSection("Logging");
        logging.ClearProviders();
        logging.AddConsole(console =>
        {
            console.FormatterName = settings.IsJson ? ConsoleFormatterNames.Json : LogText.FormatterName;
            // Standard output is for the output of a command; a log never mixes with it.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.Services.AddSingleton<ConsoleFormatter>(new LogText(TimeProvider.System));
        logging.Services.Configure<JsonConsoleFormatterOptions>(static json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = TimeFormat;
        });
        FoldFloods(logging.Services);
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // When a silo is gone, Orleans logs each message, probe and placement that fails for it, with a stack trace.
        // Each is retried or refused; SiloEvents logs the event itself in one line.
        logging.AddFilter("Orleans", LogLevel.Error);
        logging.AddFilter("Orleans.Messaging", LogLevel.Critical);
        logging.AddFilter("Polly", LogLevel.None);
        // If this category is enabled at all, the framework creates a span of its own for every request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Of two rules for one category, the later one applies.
        logging.AddConfiguration(section);
        if (settings.Level is not { } level)
            return;
        logging.AddFilter((string?)null, level);
        if (level <= LogLevel.Warning)
            return;
        logging.AddFilter("Microsoft.AspNetCore", level);
        logging.AddFilter("Orleans", level);
    }

    private static void FoldFloods(IServiceCollection services)
    {
        services.AddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(static provider => new FloodFoldingLoggerFactory(
            provider.GetRequiredService<LoggerFactory>(),
            // Resolved when a flood comes: the connections need no logger, but a host may have none.
            id => provider.GetService<OpenConnections>()?.PeerOf(id),
            TimeProvider.System)));
    }

    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The form and the level of a host's log.</summary>
/// <param name="IsJson">True for one JSON object per line; false for text.</param>
/// <param name="Level">
/// The minimum level, which overrides <c>Logging__LogLevel__Default</c>; null uses that, or Information.
/// </param>
public sealed record LogSettings(bool IsJson = false, LogLevel? Level = null);
