using Gateway.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// Escapes what agents and servers can bring into a line of the console's log, wherever it comes from: see
/// <see cref="VisibleText"/>.
/// </summary>
public static class VisibleLogging
{
    /// <summary>To be called after the console was added.</summary>
    public static void EscapesForeignText(this ILoggingBuilder logging)
    {
        var services = logging.Services;
        var console = services.FirstOrDefault(static service => service.ServiceType == typeof(ILoggerProvider)
            && service.ImplementationType == typeof(ConsoleLoggerProvider));
        if (console is null)
            return;
        services.Remove(console);
        services.AddSingleton<ConsoleLoggerProvider>();
        services.AddSingleton<ILoggerProvider, VisibleLoggerProvider>();
    }
}
