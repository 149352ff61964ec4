namespace Gateway.Catalogue.Classifying;

/// <summary>The detection of tools whose effect concerns money.</summary>
internal static class MoneySigns
{
    public static void Raise(NameReading name, TextReading text, SchemaSigns input, Evidence found)
    {
        if (name.IsEthCall)
        {
            found.Decide(ToolCategory.Read, "Its name is that of a function that only reads a smart contract.");
            return;
        }

        if (text.ChargesItself is { } charges)
            found.AtLeast(ToolCategory.Financial, $"Its description says \"{charges}\", so a call costs money.");
        else if (text.PlacesOrder is { } placed && found.Category != ToolCategory.Destructive)
            found.AtLeast(ToolCategory.Financial, $"Its description says that it places or changes \"{placed}\", "
                + "which is a binding step.");
        else if (name.Last is "faucet" or "airdrop" or "airtime" && name.Verb is not { Word: "list" or "check" })
            found.AtLeast(ToolCategory.Financial, $"Its name says \"{name.Last}\".");
        else if (name.Words.Any(static word => word is "approval" or "approvals" or "allowance" or "allowances")
            && name.Verb is { Category: not ToolCategory.Read } && (input.Spender is not null || text.IsOfChain))
        {
            found.Decide(ToolCategory.Financial, "It changes how much of a token another account may spend.");
        }

        if (found.Category is not (ToolCategory.Write or ToolCategory.Execute)
            || name.Verb is { Word: "export" or "record" or "save" } || IsKept(name, text))
        {
            return;
        }

        var runs = found.Category == ToolCategory.Execute;
        if (name.IsDatabaseTransaction || (name.Money is "transaction" or "transactions" && text.IsOfDatabase))
        {
            found.AtLeast(ToolCategory.Execute, "It controls a database transaction.");
            return;
        }

        // "checkout" also refers to branches, and "swap" to indexes.
        if (name.Money is { } money && (!name.IsDeploy || name.DeploysCoin)
            && (money is not ("checkout" or "swap" or "trade" or "charge" or "transaction") || !name.HasFarFromMoney))
            found.AtLeast(ToolCategory.Financial, $"Its name says \"{money}\".");
        else if (name.MaybeMoney is { } maybe && !name.HasFarFromMoney && IsNear(maybe, name, text, input))
            found.AtLeast(ToolCategory.Financial, $"Its name says \"{maybe}\" in the context of money.");
        else if (name.DecidesMoney is { } decided)
            found.Decide(ToolCategory.Financial, $"Its name says \"{decided}\", whose outcome moves money.");
        else if (input.Amount is { } amount && input.Receiver is { } receiver && !runs)
            found.AtLeast(ToolCategory.Financial, $"It takes \"{amount}\" and \"{receiver}\": how much, and to whom.");
        else if (name.Verb is { Word: "send" } && name.Words.Contains("bank"))
            found.AtLeast(ToolCategory.Financial, "Its name says that it sends money from a bank.");
        else if (name.Verb is { Word: "book" or "reserve" } && name.Words.Any(static word =>
            word is "flight" or "flights" or "hotel" or "hotels" or "ticket" or "tickets" or "trip" or "ride"))
            found.Decide(ToolCategory.Financial, "Its name says that it makes a paid booking.");
        else if (name.BuysDomain)
            found.AtLeast(ToolCategory.Financial, "Its name says that it registers or moves a domain, for a fee.");
        else if (name.CallsContract && (text.IsOfChain || input.Contract is not null) && !text.OnlyReadsContract)
            found.AtLeast(ToolCategory.Financial, "It calls a smart contract on a blockchain, which may move assets.");
        else if (name.DeploysCoin)
            found.AtLeast(ToolCategory.Financial, "Its name says that it deploys a coin or token.");
        else if (input.Trade is { } trade)
            found.AtLeast(ToolCategory.Financial, $"Its parameter \"{trade}\" is a term of a trade, or a budget to "
                + "spend.");
        else if (input.HasPrice && name.Words.Any(static word => word is "product" or "products"))
            found.AtLeast(ToolCategory.Financial, "It takes the price of a product.");
        else if (name.SignsMessage && (text.IsEmpty || text.SignsForWallet || name.Words.Contains("wallet")))
            found.AtLeast(ToolCategory.Financial, "It signs with the key of a wallet.");
        else if (input.Payment is { } payment)
            found.AtLeast(ToolCategory.Financial, $"It takes \"{payment}\".");
        else if (text.SendsMoney is { } sent)
            found.AtLeast(ToolCategory.Financial, $"Its description says that it sends \"{sent}\".");
    }

    /// <summary>Returns true for an entry that is only written down: an expense, or somebody to pay later.</summary>
    private static bool IsKept(NameReading name, TextReading text) =>
        (name.Last is "transaction" or "transactions" && text.IsOfBook
            && name.Verb is { Word: "create" or "add" or "update" or "edit" or "import" or "insert" or "log" })
        || (name.Money is "payment" && name.Last is "recipient" or "recipients" or "beneficiary" or "instrument");

    private static bool IsNear(string maybe, NameReading name, TextReading text, SchemaSigns input)
    {
        if (maybe.StartsWith("token", StringComparison.Ordinal))
        {
            return name.Verb is { Word: "send" or "create" or "issue" or "deploy" or "burn" }
                && (text.HasMoney || (name.Verb.Word != "create" && text.HasMoneyOrToken));
        }

        if (maybe.StartsWith("order", StringComparison.Ordinal) || maybe.StartsWith("pedido", StringComparison.Ordinal))
        {
            return (name.Verb is
            {
                Word: "place" or "cancel" or "modify" or "create" or "submit" or "execute"
                    or "replace" or "update" or "edit" or "amend" or "cancelar" or "criar" or "crear"
            } && !text.HasFarFromMoneyFirst)
                || (name.Verb is { Word: "add" } && name.Last is "order" or "pedido")
                || (input.Price is not null && name.Verb is not { Word: "add" });
        }

        if (maybe.StartsWith("position", StringComparison.Ordinal) && name.Verb is { Word: "close" or "liquidate" })
            return true;
        if (maybe is "hotel" or "flight" && name.Verb is { Word: "book" })
            return true;
        if (maybe is "contract" or "room" or "hotel" or "flight" or "lead" or "campaign")
        {
            return (name.Verb is { Word: "book" or "write" or "buy" or "purchase" or "reserve" } && text.HasMoney)
                || (maybe is "campaign" && text.HasBudget);
        }

        return !text.HasFarFromMoneyFirst && (text.HasMoney || (text.IsShort && name.Verb is { IsFirm: true }));
    }
}
