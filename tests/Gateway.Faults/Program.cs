using System.CommandLine;
using Gateway.Faults;

if (args is [Order.Verb, ..]) return await FailingGateway.RunAsync(args);

// After a stop it ends its processes and evaluates the history so far, which takes longer than the 2 s of the command
// line.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await FaultsCommand.Create().Parse(args).InvokeAsync(configuration);
