using System.CommandLine;
using Gateway.Faults;

if (args is [Order.Verb, ..]) return await FailingGateway.RunAsync(args);

// Told to stop, it ends its processes and evaluates what was seen so far; that takes longer than a command line's 2 s.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await FaultsCommand.Create().Parse(args).InvokeAsync(configuration);
