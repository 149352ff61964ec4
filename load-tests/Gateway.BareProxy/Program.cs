using System.Net;
using Gateway.BareProxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// bare-proxy URL [inline]: forwards every request to that URL, and prints its listen address. Inline takes a second
// step: the caller must also set DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS, which the runtime reads once.
if (args is not [var url, ..])
{
    await Console.Error.WriteLineAsync("bare-proxy URL [inline]");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(static kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, 0);
});
if (args is [_, "inline"])
    builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
await using var app = builder.Build();
using var forwarder = new Forwarder(new Uri(url));
app.Run(forwarder.ForwardAsync);
await app.StartAsync();
var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
Console.WriteLine($"bare proxy listens on {listening}");
await app.WaitForShutdownAsync();
return 0;
