// The icon set. Every icon that a page shows comes through this file; all are drawn in the colour of their text.
export {
  Activity, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, ArrowUpRight, Ban, Bell, BookOpen, Boxes, Building2, CalendarClock, Check, ChevronDown, ChevronRight, ChevronsUpDown, CircleAlert, CircleCheck, CircleHelp, CircleX,
  ClipboardCheck, Clock, Code, Copy, CornerDownLeft, CreditCard, Download, Ellipsis, ExternalLink, Eye, EyeOff, FileText, Filter, Gauge, Globe, History, House, Info, KeyRound, Layers, LayoutDashboard, Link2, ListFilter,
  Lock, LogOut, Mail, Menu, MessageSquare, Monitor, Moon, Network, Package, Pencil, Play, Plus, Radio, RefreshCw, RotateCw, Search, Send, Server, Settings, Share2, ShieldCheck, SlidersHorizontal, Sun, Tag, Terminal,
  ThumbsDown, ThumbsUp, Trash2, TrendingUp, TriangleAlert, Undo2, UserCheck, UserPlus, UserRound, Users, X,
} from 'lucide-react';
