namespace Gateway.Proxy.Tasks;

/// <summary>The content of a client's id of a task.</summary>
/// <param name="Server">The server that has the task.</param>
/// <param name="Tool">The tool whose call created it.</param>
/// <param name="CallId">The gateway's id of that call.</param>
/// <param name="Id">The server's own id.</param>
internal sealed record TaskHandle(string Server, string Tool, string CallId, string Id);
