using Gateway.Faults;

return await FaultsCommand.Create().Parse(args).InvokeAsync();
