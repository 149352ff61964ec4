using System.Collections.Frozen;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The words that indicate a tool's effect: English, Spanish and Portuguese, without accents, and some East Asian ones.
/// </summary>
internal static class Vocabulary
{
    /// <summary>Means of payment, goods and debts, regardless of the context.</summary>
    public static readonly FrozenSet<string> Money = Words("""
        payment payments invoice invoices refund refunds payout payouts checkout money funds transaction
        transactions txn tx eth ether sol btc usdc usdt egld apt coin coins erc20 erc721 erc1155 nft nfts swap
        swaps dca sip boleto pix pago pagos pagamento pagamentos factura facturas fatura nota notas nfe nfse
        cobranca remittance airdrop liquidity currency cryptocurrency deposit deposits loan billing bolt11 crypto
        trade trades charge charges coupon coupons discount discounts voucher vouchers leverage bet bets wager giftcard
        stablecoin memecoin lamports usdt dai collateral withdrawal withdrawals airtime bounty stoploss takeprofit
        adset adsets cargo cargos zap zaps sats satoshis topup
        """);

    /// <summary>Words that concern money only in some contexts: an order, a subscription, a token.</summary>
    public static readonly FrozenSet<string> MaybeMoney = Words("""
        order orders subscription subscriptions token tokens position positions stake pedido pedidos offer bid price
        prices pricing margin listing marketplace rewards commission campaign budget contract lead room hotel flight
        """);

    /// <summary>Words that usually occur near money.</summary>
    public static readonly FrozenSet<string> NearMoney = Words("""
        buy sell buying selling pay paid payment payments price prices pricing amount currency usd eur brl limit
        market trade trading stock stocks exchange broker wallet wallets plan billing bill cost cents card purchase
        crypto blockchain chain onchain ethereum solana usdc erc20 coin coins balance fee fees fund funds invoice
        refund refunds quantity qty side symbol amountin swap dex nft customer money loan bank account iban stripe
        paypal pizza food transaction transactions charge charged charges pago pagamento valor monto cobro fatura
        factura marketplace futures broker blockchain gas validator seller
        """);

    /// <summary>Objects of orders and subscriptions that do not involve money.</summary>
    public static readonly FrozenSet<string> FarFromMoney = Words("""
        notification notifications webhook webhooks event events topic topics thread threads repo repository room
        channel channels newsletter mailing feed graphql contact contacts communication communications pubsub
        screenshot screen photo picture packets traffic navigation tournament swiss simul arena challenge cell cells row
        rows slide sideboard timesheet leave
        message messages email sort work todo queue layer display api calendar access auth authentication bearer
        refresh session csrf jwt oauth invite invitation file files folder ownership index indexes deck click cursor
        call git branch commit svn
        """);

    /// <summary>The last words of names of tools that only show something.</summary>
    public static readonly FrozenSet<string> Shown = Words("""
        info information details detail status history summary stats statistics count quote quotes price prices
        rate rates balance balances list state overview schema metadata lookup exists methods tree types names
        values report reports performance data analysis followers following health logs results version versions
        profile forecast weather news search
        """);

    /// <summary>Objects that are started by being created.</summary>
    public static readonly FrozenSet<string> Started = Words("""
        session run execution deployment job build migration instance instances vm vms droplet droplets
        cluster clusters container containers pod pods nodepool command commands machine machines comando comandos
        instancia instancias maquina maquinas sandbox
        """);

    /// <summary>Objects of work in progress.</summary>
    public static readonly FrozenSet<string> Work = Words("""
        job jobs task tasks run runs build builds pipeline deployment deployments execution executions workflow query
        operation operations process command scan crawl training
        """);

    /// <summary>Parts of the look of a document or a sound, which are applied by writing.</summary>
    public static readonly FrozenSet<string> Styles = Words("""
        template templates style styles effect effects theme preset tag tags label labels design formatting format
        color colors font layout
        """);

    /// <summary>Objects that are merged by writing a new one.</summary>
    public static readonly FrozenSet<string> Joined = Words("""
        cell cells file files pdf pdfs contact contacts image images video videos audio document documents table tables
        record records customer customers sheets slides datasets
        """);

    /// <summary>Parts of a picture, sound or text that are removed by making a new one.</summary>
    public static readonly FrozenSet<string> Edited = Words("background bg watermark noise silence duplicates vocals");

    /// <summary>Objects that are terminated as a program is.</summary>
    public static readonly FrozenSet<string> Programs = Words("""
        app application process processes session simulator program run execution browser terminal query connection
        """);

    /// <summary>Objects that are started and stopped by an entry in a list.</summary>
    public static readonly FrozenSet<string> Timed = Words("timer timers timelog timeslip tracking stopwatch pomodoro");

    /// <summary>Words for credentials.</summary>
    public static readonly FrozenSet<string> LetsIn = Words("""
        otp token tokens auth authentication login signin session password passcode credential credentials
        backchannel oauth jwt apikey mfa totp
        """);

    /// <summary>Other words that rules search in a description.</summary>
    private static readonly FrozenSet<string> OfTexts = Words("""
        sql graphql cypher plsql promql logql logsql sparql jsonpath sosl metricsql xpath jmespath jql hive apt usd
        key keys secret api bearer private and or license access aes custodial hosted custody multisig budget issue
        obtain receive wallet eip ethereum solana evm blockchain signer onchain information info details metadata
        lists manage drag soql kql returns returned reveal reveals containing including includes contains variables
        environment env signing dsn code codes verification pairing x402 l402 spender crud backup backups starknet
        smart view pure without creating only nft nfts psbt place places placing mnemonic names name database
        firestore mongodb redis atomic operations statements queries ynab portfolio expense expenses ledger
        bookkeeping random strong characters scanning scanner with using from via automatic reminder dev developer
        personal disk folder locally local saves saved user service registration installation sas jwt oauth refresh
        bot list
        """);

    private static readonly FrozenDictionary<string, Verb> Verbs = All();

    private static readonly (string Sign, ToolCategory Category)[] Signs =
    [
        .. Of(ToolCategory.Financial, "支付 退款 转账 付款 下单 购买 充值 提现 扣款 退货 争议 結帳 결제 환불 송금 返金 支払"),
        .. Of(ToolCategory.Destructive, "删除 刪除 移除 清空 销毁 回滚 撤销 卸载 삭제 削除"),
        .. Of(ToolCategory.Execute, "创建实例 创建虚拟机 执行 運行 运行 启动 停止 重启 部署 调用 点击 登录 触发 実行 起動 실행"),
        .. Of(ToolCategory.Write,
            "创建 創建 更新 添加 新增 修改 发送 上传 生成 设置 保存 移出 重命名 启用 提交 作成 追加 送信 登録 編集 생성 추가 전송 설정 저장 수정 업로드"),
        .. Of(ToolCategory.Read, "查询 获取 搜索 查看 列出 检索 读取 分析 返回 爬取 抓取 检查 验证 诊断 统计 计算 조회 검색 반환 取得 検索 一覧"),
    ];

    /// <summary>Returns the verb for a word in its plain form, or null if it is not a verb.</summary>
    public static Verb? Find(string word) => Verbs.GetValueOrDefault(word);

    /// <summary>Returns the verb for a word of a sentence, including forms such as "deletes" and "deleting".</summary>
    public static Verb? FindInflected(string word)
    {
        if (Find(word) is { } plain)
            return plain;
        foreach (var (ending, instead) in Endings)
        {
            if (word.Length > ending.Length + 1 && word.EndsWith(ending, StringComparison.Ordinal)
                && Find(string.Concat(word.AsSpan(0, word.Length - ending.Length), instead)) is { } verb)
            {
                return verb;
            }
        }

        return null;
    }

    /// <summary>Returns true if any rule searches for the word.</summary>
    public static bool IsKnown(string word) => FindInflected(word) is not null || Money.Contains(word)
        || MaybeMoney.Contains(word) || NearMoney.Contains(word) || FarFromMoney.Contains(word)
        || LetsIn.Contains(word) || OfTexts.Contains(word) || Programs.Contains(word) || Joined.Contains(word)
        || Edited.Contains(word);

    /// <summary>Returns the first known sign of a script without spaces, or null if there is none.</summary>
    public static Verb? FindSign(string text) => FindSigns(text).First;

    /// <summary>Returns the first sign of a name if that reads; otherwise the most severe one.</summary>
    public static Verb? FindSignOfName(string name)
    {
        var (first, worst) = FindSigns(name);
        return first is { Category: ToolCategory.Read } ? first : worst;
    }

    /// <summary>Returns the first and the most severe sign of a text.</summary>
    public static (Verb? First, Verb? Worst) FindSigns(string text)
    {
        var first = int.MaxValue;
        Verb? found = null;
        Verb? worst = null;
        foreach (var (sign, category) in Signs)
        {
            var at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0)
                continue;
            var verb = new Verb(sign, category, true);
            if (worst is null || category.Severity() > worst.Category.Severity())
                worst = verb;
            if (at < first)
                (first, found) = (at, verb);
        }

        return (found, worst);
    }

    private static readonly (string Ending, string Instead)[] Endings =
        [("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ting", "t"), ("ning", "n")];

    private const string Reading = """
        get list read search find describe show fetch lookup retrieve view browse inspect explain validate verify
        check calculate compute compare analyze analyse estimate simulate download preview count summarize translate
        convert parse format detect extract scrape crawl resolve monitor watch wait discover identify recommend
        suggest lint diff return access obtain gather collect load introspect scan decode encode profile peek dry
        trace track measure solve determine observe display provide understand round multiply divide subtract assess
        predict consultar listar buscar obter obtener pesquisar descargar leer ler ver mostrar verificar recuperar
        baixar contar visualizar localizar rastrear raspar encrypt decrypt locate obtenir rechercher chercher
        afficher abrufen suchen anzeigen cercare ottenere mostrare elencare listele goster getir ara
        """;

    private static FrozenDictionary<string, Verb> All()
    {
        var all = new Dictionary<string, Verb>(StringComparer.Ordinal);
        Add(ToolCategory.Read, true, Reading);
        Add(ToolCategory.Read, false, """
            audit assess query evaluate report review help info quote status discover lookup whoami ping filter rank sum
            ask hash lista busca consulta obtiene obtem retorna devuelve muestra mostra pesquisa verifica calcula
            analiza analisa
            """);
        Add(ToolCategory.Write, true, """
            create add update set place write send insert edit modify upsert save upload rename move copy publish assign
            append register import export generate make schedule invite follow unfollow unsubscribe attach enable
            disable duplicate clone submit approve reject reopen configure ingest replace annotate increment decrement
            restore unarchive archive block unblock mute unmute toggle store remember memorize rewrite adjust customize
            complete finish setup combine reorder reply notify alert email compose draw design subscribe unassign detach
            link bookmark favorite upgrade downgrade change extend populate finalize define join accept decline contest
            concede leave ban unban allocate unpublish resize crop compress trim renew book criar crear cadastrar unlike
            unstar unpin untrash undelete unfavorite unapprove unresolve unbookmark broadcast atualizar actualizar
            enviar gerar generar agendar guardar salvar adicionar agregar editar modificar respond aprobar aprovar
            aceptar aceitar rechazar rejeitar recusar contestar carregar cargar confirmar alterar inserir insertar
            registrar incluir subir anexar publicar responder creer modifier ajouter envoyer erstellen andern
            aktualisieren senden hinzufugen creare aggiornare inviare aggiungere modificare ekle olustur guncelle gonder
            """);
        Add(ToolCategory.Write, false, """
            gera genera cria crea atualiza actualiza envia adiciona agrega cadastra registra salva edita visualize post
            put patch push commit tag label pin mark comment share log record close issue note react like star cache
            promote demote switch enrich manage map rearrange initialize init speak vote
            """);
        Add(ToolCategory.Execute, true, """
            sign run exec execute eval invoke launch start stop restart reboot deploy redeploy trigger apply merge click
            press navigate login logout signin authenticate authorize connect disconnect install abort dispatch rerun
            reexecutar reejecutar resend hover drag scroll tap swipe activate migrate spawn resume pause boot shutdown
            rollout provision cancel kill tunnel executar ejecutar processar procesar reenviar disparar cancelar iniciar
            detener parar reiniciar executer lancer demarrer ausfuhren starten eseguire avviare calistir baslat durdur
            """);
        Add(ToolCategory.Execute, false, """
            skip pull rebase executa ejecuta inicia detiene reinicia test build call process play scale open type fill
            select control power go handle chat prompt debug wake compile step continue script turn end
            """);
        Add(ToolCategory.Destructive, true, """
            delete remove destroy drop purge erase wipe truncate revoke clear reset uninstall unlink discard prune trash
            del rm kick unset flush forget rollback terminate evict nuke expunge obliterate deregister unregister
            excluir supprimer effacer loschen entfernen eliminare rimuovere sil kaldir eliminar apagar borrar anular
            inutilizar revogar revocar remover quitar limpar limpiar undo
            """);
        Add(ToolCategory.Destructive, false, "empty clean cleanup revert dispose elimina exclui apaga borra");
        Add(ToolCategory.Financial, true, """
            refund pay buy sell purchase withdraw payout repay reimburse donate borrow overpay pagar cobrar payer
            rembourser acheter bezahlen erstatten uberweisen pagare rimborsare estornar reembolsar sacar liquidar emitir
            comprar vender transferir
            """);
        Add(ToolCategory.Financial, false, """
            zap redelegate unbond restake recharge topup transfer swap charge stake unstake mint trade order bid capture
            void deposit redeem bridge airdrop checkout devolver payment burn remit claim delegate undelegate fund lend
            snipe faucet paga cobra transfere emite
            """);
        return all.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(ToolCategory category, bool isFirm, string words)
        {
            foreach (var word in Split(words))
                all.TryAdd(word, new Verb(word, category, isFirm));
        }
    }

    private static IEnumerable<(string Sign, ToolCategory Category)> Of(ToolCategory category, string signs) =>
        Split(signs).Select(sign => (sign, category));

    private static FrozenSet<string> Words(string text) => Split(text).ToFrozenSet(StringComparer.Ordinal);

    private static string[] Split(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
