using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Proxy.Telemetry;

/// <summary>The console's loggers, each behind a <see cref="VisibleLogger"/>; filters know it as the console.</summary>
[ProviderAlias("Console")]
internal sealed class VisibleLoggerProvider(ConsoleLoggerProvider console) : ILoggerProvider, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => new VisibleLogger(console.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    public void Dispose() => console.Dispose();
}
